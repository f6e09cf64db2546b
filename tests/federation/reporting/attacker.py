"""Somebody who reads a table with holes and works out all it can. Shares no code with the masker.

Every published total is an equation over the hidden cells, which are at least one. An exact
simplex (fractions, Bland's rule) gives the least and the most that each can be.
"""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

Name = Hashable
Row = list[Fraction]


class Line(NamedTuple):
    """A line of the published table: its total (None: hidden) and the names of its cells."""

    name: Name
    total: int | None
    cells: Sequence[Name]


def bounds(lines: Sequence[Line], known: Mapping[Name, int]) -> dict[Name, tuple[float, float]]:
    """Hidden cells, and totals that are hidden → what they can be."""
    hidden = list(dict.fromkeys(n for line in lines for n in line.cells if n not in known))
    place = {name: i for i, name in enumerate(hidden)}
    equations = [
        _equation(line, line.total, known, place) for line in lines if line.total is not None
    ]
    wanted: dict[Name, tuple[Row, int]] = {}
    for name in hidden:
        wanted[name] = (_unit(place[name], len(hidden)), 0)
    for line in lines:
        if line.total is None:
            row = [Fraction(int(name in line.cells)) for name in hidden]
            wanted[line.name] = (row, sum(known.get(name, 0) for name in line.cells))
    return {name: _range(row, plus, equations) for name, (row, plus) in wanted.items()}


def _equation(
    line: Line, total: int, known: Mapping[Name, int], place: Mapping[Name, int]
) -> tuple[Row, Fraction]:
    """Over y = x - 1, so that each unknown is at least zero."""
    row = [Fraction(0)] * len(place)
    rest = Fraction(total)
    for name in line.cells:
        if name in known:
            rest -= known[name]
        else:
            row[place[name]] += 1
            rest -= 1
    return row, rest


def _range(goal: Row, plus: int, equations: Sequence[tuple[Row, Fraction]]) -> tuple[float, float]:
    base = plus + sum(goal)
    high = most(goal, equations)
    low = most([-value for value in goal], equations)
    assert low is not None, "a smallest table exists"
    return float(base - low), float("inf") if high is None else float(base + high)


def _unit(at: int, size: int) -> Row:
    return [Fraction(int(i == at)) for i in range(size)]


def most(goal: Row, equations: Sequence[tuple[Row, Fraction]]) -> Fraction | None:
    """The most that goal·y can be for y >= 0 with these equations; None: without end."""
    size, count = len(goal), len(equations)
    rows = [[*row, *_unit(i, count), rest] for i, (row, rest) in enumerate(equations)]
    for row, (_, rest) in zip(rows, equations, strict=True):
        assert rest >= 0, "a published total is less than its published cells"
        assert len(row) == size + count + 1
    basis = [size + i for i in range(count)]
    first = [Fraction(0)] * size + [Fraction(-1)] * count
    found = _simplex(rows, basis, first, size + count)
    assert found == 0, "no table fits what is published"
    _drive_out(rows, basis, size)
    return _simplex(rows, basis, [*goal, *[Fraction(0)] * count], size)


def _drive_out(rows: list[Row], basis: list[int], size: int) -> None:
    """No helper variable stays in the basis, but in lines that say nothing new."""
    for i in range(len(rows) - 1, -1, -1):
        if basis[i] >= size:
            column = next((j for j in range(size) if rows[i][j] != 0), None)
            if column is None:
                del rows[i], basis[i]
            else:
                _pivot(rows, basis, i, column)


def _simplex(rows: list[Row], basis: list[int], goal: Row, columns: int) -> Fraction | None:
    while True:
        column = next((j for j in range(columns) if _gain(rows, basis, goal, j) > 0), None)
        if column is None:
            return sum((goal[b] * row[-1] for b, row in zip(basis, rows, strict=True)), Fraction(0))
        able = [
            (row[-1] / row[column], basis[i], i) for i, row in enumerate(rows) if row[column] > 0
        ]
        if not able:
            return None
        _pivot(rows, basis, min(able)[2], column)


def _gain(rows: list[Row], basis: list[int], goal: Row, column: int) -> Fraction:
    return goal[column] - sum(
        (goal[b] * row[column] for b, row in zip(basis, rows, strict=True)), Fraction(0)
    )


def _pivot(rows: list[Row], basis: list[int], at: int, column: int) -> None:
    by = rows[at][column]
    rows[at] = [value / by for value in rows[at]]
    for i, row in enumerate(rows):
        if i != at and row[column] != 0:
            times = row[column]
            rows[i] = [a - times * b for a, b in zip(row, rows[at], strict=True)]
    basis[at] = column
