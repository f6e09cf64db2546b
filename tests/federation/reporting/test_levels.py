"""A level is published as far as secrecy bears it, and both levels together say no more."""

from collections.abc import Hashable, Mapping
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from federation.reporting.levels import Line, apart
from federation.reporting.secrecy import SHARE, Total, cross, protect, small

from .attacker import most

Name = Hashable
THRESHOLD = 5


def whole(below: Mapping[Name, Mapping[Name, int]]) -> dict[Name, int]:
    """The level above: the sum of all places."""
    found: dict[Name, int] = {}
    for cells in below.values():
        for name, value in cells.items():
            found[name] = found.get(name, 0) + value
    return found


def above_of(below: Mapping[Name, Mapping[Name, int]]) -> Line | None:
    """The level above, protected as a cross with its totals."""
    cells = whole(below)
    hidden = protect(cross(cells), THRESHOLD)
    return None if hidden is None else Line(("all",), cells, hidden)


def place(*values: int) -> dict[Name, int]:
    """Two genders by so many ages."""
    half = len(values) // 2
    return {("fm"[i // half], i % half): value for i, value in enumerate(values)}


def test_places_with_enough_people_stand_alone() -> None:
    below = {"a": place(10, 20, 30, 40), "b": place(12, 22, 32, 42)}
    above = above_of(below)
    assert above is not None
    lines = apart(above, below)
    assert [line.places for line in lines] == [("a",), ("b",)]
    assert not any(line.hidden for line in lines)


def test_places_too_thin_alone_are_one_line_together() -> None:
    below = {
        "a": place(50, 60, 70, 80),
        "b": place(3, 4, 6, 7),
        "c": place(9, 9, 8, 8),
        "d": place(50, 61, 71, 81),
    }
    above = above_of(below)
    assert above is not None
    lines = apart(above, below)
    assert [line.places for line in lines] == [("a",), ("d",), ("b", "c")]
    assert not any(line.hidden for line in lines)


def test_one_thin_place_takes_the_smallest_other_with_it() -> None:
    below = {"a": place(50, 60, 70, 80), "b": place(1, 1, 1, 1), "c": place(40, 40, 40, 40)}
    above = above_of(below)
    assert above is not None
    assert [line.places for line in apart(above, below)] == [("a",), ("b", "c")]


def test_a_level_of_thin_places_is_left_out() -> None:
    below = {name: place(1, 2, 3, 1) for name in "abc"}
    above = above_of(below)
    assert above is not None
    assert apart(above, below) == []


def test_what_is_hidden_above_is_hidden_below_and_the_rest_is_told() -> None:
    below = {"a": place(2, 60, 70, 80), "b": place(0, 62, 72, 82)}
    above = Line(("all",), whole(below), frozenset({("f", 0), ("f", 1)}))
    lines = apart(above, below, share=0.6)
    assert [line.places for line in lines] == [("a",), ("b",)]
    assert all(line.hidden == above.hidden for line in lines)


PLACES = st.integers(2, 4).flatmap(
    lambda places: st.integers(2, 3).flatmap(
        lambda ages: st.lists(
            st.lists(
                st.one_of(st.integers(0, 8), st.integers(0, 60)),
                min_size=2 * ages,
                max_size=2 * ages,
            ).map(lambda values: place(*values)),
            min_size=places,
            max_size=places,
        ).map(lambda cells: dict(zip("abcd", cells, strict=False)))
    )
)


@settings(max_examples=40, deadline=None)
@given(PLACES, st.sampled_from([SHARE, 0.5]))
def test_nobody_who_reads_both_levels_can_bound_a_hidden_cell(
    below: dict[Name, dict[Name, int]], share: float
) -> None:
    above = above_of(below)
    assume(above is not None)
    lines = apart(above, below, THRESHOLD, share)
    assume(lines)
    for line in lines:
        assert not small(line.total)
        assert not [n for n, v in line.cells.items() if small(v) and n not in line.hidden]
    for low, high in proved(above, lines):
        assert high - low >= THRESHOLD - 1
        assert high >= THRESHOLD


def proved(above: Line, lines: list[Line], *, totals: bool = True) -> list[tuple[float, float]]:
    """What both levels together leave to each hidden cell, over the atoms that nobody sees.

    `totals`: the level above publishes those of each gender and age too.
    """
    atoms = [(at, name) for at in range(len(lines)) for name in above.cells]
    sums = list[tuple[list[tuple[int, Name]], int | None]]()
    for name, value in above.cells.items():
        group = [(at, name) for at in range(len(lines))]
        sums.append((group, None if name in above.hidden else value))
    for axis in (0, 1) if totals else ():
        for word in sorted({name[axis] for name in above.cells}, key=str):
            group = [atom for atom in atoms if atom[1][axis] == word]
            shown = Total("row" if axis == 0 else "column", word) not in above.hidden
            value = sum(v for n, v in above.cells.items() if n[axis] == word)
            sums.append((group, value if shown else None))
    for at, line in enumerate(lines):
        sums.append(([(at, name) for name in above.cells], line.total))
        for name, value in line.cells.items():
            if name not in above.hidden:
                sums.append(([(at, name)], None if name in line.hidden else value))
    return bound(atoms, [(group, value) for group, value in sums if value != 0 or group])


def bound(
    atoms: list[tuple[int, Name]], sums: list[tuple[list[tuple[int, Name]], int | None]]
) -> list[tuple[float, float]]:
    """Least and most of each sum that is hidden; each of those is at least one."""
    hidden = [group for group, value in sums if value is None]
    size = len(atoms) + len(hidden)
    at = {atom: i for i, atom in enumerate(atoms)}
    equations = []
    for group, value in sums:
        row = [Fraction(0)] * size
        for atom in group:
            row[at[atom]] += 1
        if value is None:
            row[len(atoms) + hidden.index(group)] -= 1
        equations.append((row, Fraction(1 if value is None else value)))
    found = []
    for i in range(len(hidden)):
        goal = [Fraction(int(j == len(atoms) + i)) for j in range(size)]
        high, low = most(goal, equations), most([-value for value in goal], equations)
        assert low is not None
        found.append((1 - low, float("inf") if high is None else 1 + high))
    return found
