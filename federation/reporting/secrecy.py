"""Which cells of a table are hidden: the small ones, and others so that none can be worked out.

Pure. `protect` is its own attacker: it goes on hiding until nobody who reads the table, totals and
rule included, can bound a hidden cell to fewer than `threshold` values or show that it is small.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from .network import Arc, Network

THRESHOLD: Final = 5
"""Cells below are small, zero apart."""
HIDDEN: Final = "s"
"""What stands in a file in place of a hidden cell."""
SHARE: Final = 0.20
"""A table of which this much is hidden goes up a level."""
_PER_CELL: Final = 1_000
_PER_TOTAL: Final = 20_000
_KEPT: Final = 512
"""Tables of which it is known what they hide: a page has some 200, and those of a federation's
territories are nearly the same. Found by what stands in them, so nothing can be out of date."""

Key = Hashable


def small(value: int, threshold: int = THRESHOLD) -> bool:
    """Whether a cell tells of few enough people to be hidden."""
    return 0 < value < threshold


def protect(
    arcs: Sequence[Arc], threshold: int = THRESHOLD, hidden: frozenset[Key] = frozenset()
) -> frozenset[Key] | None:
    """Names of the cells to hide; None when the table cannot be protected: withhold it whole.

    `hidden` are cells that are hidden for another reason. A small cell marked `keep` cannot be
    protected.
    """
    return _protect(tuple(arcs), threshold, hidden)


@lru_cache(_KEPT)
def _protect(
    arcs: tuple[Arc, ...], threshold: int, hidden: frozenset[Key]
) -> frozenset[Key] | None:
    if any(arc.keep and (small(arc.value, threshold) or arc.name in hidden) for arc in arcs):
        return None
    wanted = [arc for arc in arcs if small(arc.value, threshold) or arc.name in hidden]
    return _protected(arcs, [arc for arc in wanted if arc.value], threshold)


def _protected(arcs: Sequence[Arc], first: Sequence[Arc], threshold: int) -> frozenset[Key] | None:
    network, queue = Network(first), list(first)
    hidden = {arc.name for arc in first}
    safe = set[tuple[Key, Key, int]]()
    while queue:
        arc = queue.pop(0)
        # Hiding more never narrows what was proved wide: nobody safe is asked again.
        if (arc.tail, arc.head, arc.value) in safe:
            continue
        more = _wanting(network, arc, arcs, hidden, threshold)
        if more is None:
            return None
        for each in more:
            network.hide(each)
            hidden.add(each.name)
        if more:
            queue += [*more, arc]
        else:
            safe.add((arc.tail, arc.head, arc.value))
    return frozenset(hidden)


def _wanting(
    network: Network, arc: Arc, arcs: Sequence[Arc], hidden: set[Key], threshold: int
) -> list[Arc] | None:
    """Cells to hide besides for this one's sake; none when it is safe, None when nothing helps."""
    lower, higher = network.slack(arc, threshold)
    missing = max(threshold - arc.value - higher, threshold - 1 - lower - higher)
    if missing <= 0:
        return []
    free = [(each, _cost(each)) for each in arcs if each.value and _may_hide(each, hidden)]
    for need in (missing, 1):
        found = network.detour(arc, free, need)
        if found:
            return found
    return None


def _may_hide(arc: Arc, hidden: set[Key]) -> bool:
    return not arc.keep and arc.name not in hidden


def _cost(arc: Arc) -> int:
    """Few cells rather than many, then those that say least; totals when nothing else does."""
    price = _PER_TOTAL if isinstance(arc.name, Total) else _PER_CELL
    return price + min(arc.value, _PER_CELL - 1)


class Total(NamedTuple):
    """Name of a cell that is the sum of a line."""

    axis: str
    line: Key


def column(cells: Mapping[Any, int]) -> list[Arc]:
    """A table of one column under a total that is published."""
    total = Arc(Total("all", ""), "cells", "sum", sum(cells.values()), keep=True)
    return [total, *(Arc(name, "sum", "cells", value) for name, value in cells.items())]


def cross(cells: Mapping[tuple[Key, Key], int], *, keep_totals: bool = False) -> list[Arc]:
    """A table of two axes with the totals of both; the grand total is always published."""
    rows, columns, whole = dict[Key, int](), dict[Key, int](), 0
    arcs = []
    for (row, line), value in cells.items():
        rows[row] = rows.get(row, 0) + value
        columns[line] = columns.get(line, 0) + value
        whole += value
        arcs.append(Arc((row, line), ("row", row), ("column", line), value))
    for row, value in rows.items():
        arcs.append(Arc(Total("row", row), "rows", ("row", row), value, keep_totals))
    for line, value in columns.items():
        arcs.append(Arc(Total("column", line), ("column", line), "columns", value, keep_totals))
    arcs.append(Arc(Total("all", ""), "columns", "rows", whole, keep=True))
    return arcs


def hidden_share(cells: Mapping[Key, int], hidden: Callable[[Key], bool]) -> float:
    """How much of what is not zero is hidden."""
    counted = [name for name, value in cells.items() if value]
    return sum(1 for name in counted if hidden(name)) / len(counted) if counted else 0.0
