"""A table taken apart by place, as far as secrecy bears it: the places that are too thin together
are one line, and below that the level is left out. Pure.

A level is a table of places x columns under totals that the level above publishes; columns that
the level above hides are one column here, of which only the sum is known. So whoever reads every
level knows nothing that one level alone does not say: any way of filling the holes of the one goes
with any way of filling those of the other.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Final, NamedTuple

from .network import Arc
from .secrecy import SHARE, THRESHOLD, Total, protect, small

Key = Hashable
POOLED: Final = "*"
"""The column of all that is hidden above."""


class Line(NamedTuple):
    """One published line: the places it stands for, its cells, which of them are hidden."""

    places: tuple[Key, ...]
    cells: Mapping[Key, int]
    hidden: frozenset[Key]

    @property
    def total(self) -> int:
        """Of all its cells, hidden ones too; always published."""
        return sum(self.cells.values())

    def shown(self, cell: Key) -> int | None:
        """What is published of a cell; None: hidden."""
        return None if cell in self.hidden else self.cells.get(cell, 0)


def apart(
    above: Line,
    below: Mapping[Key, Mapping[Key, int]],
    threshold: int = THRESHOLD,
    share: float = SHARE,
    together: frozenset[Key] = frozenset(),
) -> list[Line]:
    """The lines of the level below; a line of several places is those that are too thin alone.

    Empty when nothing can be told of that level. The cells of `below` sum to those of `above`.
    `together`: places whose own totals are published nowhere.
    """
    first = tuple(sorted((place for place in below if place in together), key=str))
    groups: list[tuple[Key, ...]] = [(place,) for place in sorted(below, key=str)]
    if first:
        groups = [*(group for group in groups if group[0] not in together), first]
    while True:
        cells = [_sum(below, group) for group in groups]
        lines = _lines(above, groups, cells, threshold)
        thin = _thin(groups, cells, lines, threshold, share)
        if len(groups) == 1 and (thin or len(below) > 1):
            return []
        if not thin:
            return lines or []
        groups = _together(groups, cells, thin)


def _sum(below: Mapping[Key, Mapping[Key, int]], group: Sequence[Key]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for place in group:
        for cell, value in below[place].items():
            found[cell] = found.get(cell, 0) + value
    return found


def _lines(
    above: Line, groups: Sequence[tuple[Key, ...]], cells: Sequence[Mapping[Key, int]], least: int
) -> list[Line] | None:
    """The level with these groups; None when no way of hiding protects it."""
    arcs = list[Arc]()
    columns: dict[Key, int] = {}
    for group, line in zip(groups, cells, strict=True):
        inner = _folded(above, line)
        for name, value in inner.items():
            arcs.append(Arc((group, name), ("place", group), ("cell", name), value))
            columns[name] = columns.get(name, 0) + value
        arcs.append(Arc(Total("row", group), "all", ("place", group), sum(inner.values()), True))
    for name, value in columns.items():
        arcs.append(Arc(Total("column", name), ("cell", name), "all", value, True))
    hidden = protect([arc for arc in arcs if arc.value], least)
    if hidden is None:
        return None
    return [
        Line(group, line, _hidden_in(above, group, line, hidden))
        for group, line in zip(groups, cells, strict=True)
    ]


def _folded(above: Line, line: Mapping[Key, int]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for name, value in line.items():
        name = POOLED if name in above.hidden else name
        found[name] = found.get(name, 0) + value
    return found


def _hidden_in(
    above: Line, group: Key, line: Mapping[Key, int], hidden: frozenset[Key]
) -> frozenset[Key]:
    """Cells hidden above are hidden here, even at zero: only their sum is known, if that."""
    return frozenset(name for name in line if name in above.hidden or (group, name) in hidden) | (
        above.hidden & frozenset(above.cells)
    )


def _thin(
    groups: Sequence[tuple[Key, ...]],
    cells: Sequence[Mapping[Key, int]],
    lines: Sequence[Line] | None,
    threshold: int,
    share: float,
) -> list[int]:
    """Which groups cannot stand alone."""
    if lines is not None:
        return [i for i, line in enumerate(lines) if _too_thin(line, threshold, share)]
    few = [i for i, line in enumerate(cells) if small(sum(line.values()), threshold)]
    if few:
        return few
    sizes = [sum(line.values()) for line in cells]
    return [min(range(len(groups)), key=lambda i: (sizes[i], i))]


def _too_thin(line: Line, threshold: int, share: float) -> bool:
    counted = [name for name, value in line.cells.items() if value]
    holes = sum(1 for name in counted if name in line.hidden)
    return small(line.total, threshold) or (bool(counted) and holes / len(counted) >= share)


def _together(
    groups: Sequence[tuple[Key, ...]], cells: Sequence[Mapping[Key, int]], thin: Sequence[int]
) -> list[tuple[Key, ...]]:
    """The thinnest joins those that are together already, else the smallest of the others."""
    sizes = [sum(line.values()) for line in cells]
    first = min(thin, key=lambda i: (len(groups[i]) > 1, sizes[i], i))
    others = [i for i in range(len(groups)) if i != first]
    other = min(others, key=lambda i: (len(groups[i]) == 1, i not in thin, sizes[i], i))
    joined = tuple(sorted((*groups[first], *groups[other]), key=str))
    rest = [group for i, group in enumerate(groups) if i not in (first, other)]
    return sorted([*rest, joined], key=lambda group: (len(group) > 1, str(group)))
