"""Small cells are hidden, and nobody who reads the rest can work them out."""

from collections.abc import Hashable, Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from federation.reporting import secrecy
from federation.reporting.secrecy import (
    THRESHOLD,
    Total,
    column,
    cross,
    hidden_share,
    protect,
    small,
)

from .attacker import Line, bounds

Name = Hashable
Cells = dict[tuple[Name, Name], int]


def read(cells: Mapping[Name, int], lines: Mapping[Name, list[Name]], hidden: frozenset[Name]):
    """What the reader of a published table can prove of each hidden cell and total."""
    known = {name: value for name, value in cells.items() if name not in hidden}
    totals = [
        Line(name, None if name in hidden else sum(cells[cell] for cell in inner), inner)
        for name, inner in lines.items()
    ]
    return bounds(totals, known)


def lines_of(cells: Cells) -> dict[Name, list[Name]]:
    """The totals that a table of two axes publishes."""
    lines: dict[Name, list[Name]] = {Total("all", ""): list(cells)}
    for name in cells:
        lines.setdefault(Total("row", name[0]), []).append(name)
        lines.setdefault(Total("column", name[1]), []).append(name)
    return lines


def narrow(proved: Mapping[Name, tuple[float, float]], threshold: int) -> list[Name]:
    """Hidden cells of which too much is known: few values left, or shown to be small."""
    return [
        name
        for name, (low, high) in proved.items()
        if high - low < threshold - 1 or high < threshold
    ]


def test_a_table_with_no_small_cell_is_published_whole() -> None:
    cells = {("f", "a"): 8, ("f", "b"): 0, ("m", "a"): 5, ("m", "b"): 40}
    assert protect(cross(cells)) == set()


def test_a_lone_small_cell_takes_others_with_it() -> None:
    cells = {(r, c): 20 + 3 * r + c for r in range(3) for c in range(3)} | {(1, 1): 2}
    hidden = protect(cross(cells))
    assert hidden is not None
    assert len(hidden) == 4, "a rectangle is the least that hides one cell of a cross"
    assert not narrow(read(cells, lines_of(cells), hidden), THRESHOLD)


def test_two_small_cells_whose_sum_says_all_take_a_third() -> None:
    cells = {"oui": 1, "non": 1, "ne_sait_pas": 30, "non_communique": 80}
    hidden = protect(column(cells))
    assert hidden is not None
    assert hidden == {"oui", "non", "ne_sait_pas"}


def test_zeros_are_published_and_never_hide_anything() -> None:
    cells = {"oui": 3, "non": 0, "ne_sait_pas": 0}
    assert protect(column(cells)) is None


def test_a_table_of_too_few_people_cannot_be_protected() -> None:
    assert protect(cross({("f", "a"): 1, ("m", "a"): 1, ("f", "b"): 1, ("m", "b"): 1})) is None


def test_what_is_hidden_for_another_reason_stays_hidden() -> None:
    hidden = protect(column({"a": 10, "b": 20, "c": 30}), hidden=frozenset({"a"}))
    assert hidden is not None
    assert "a" in hidden
    assert len(hidden) == 2


def test_the_attacker_finds_what_small_cells_alone_would_leave_open() -> None:
    cells = {(r, c): 20 + 3 * r + c for r in range(3) for c in range(3)} | {(1, 1): 2}
    only_small = frozenset(name for name, value in cells.items() if small(value))
    assert read(cells, lines_of(cells), only_small) == {(1, 1): (2, 2)}


TABLES = st.integers(2, 4).flatmap(
    lambda rows: st.integers(2, 5).flatmap(
        lambda columns: st.lists(
            st.one_of(st.integers(0, 6), st.integers(0, 40)),
            min_size=rows * columns,
            max_size=rows * columns,
        ).map(lambda v: {(i // columns, i % columns): n for i, n in enumerate(v)})
    )
)


@settings(max_examples=150, deadline=None)
@given(TABLES, st.sampled_from([3, 5, 10]))
def test_no_hidden_cell_of_a_cross_can_be_bounded(cells: Cells, threshold: int) -> None:
    hidden = protect(cross(cells), threshold)
    assume(hidden is not None)
    sums = {name: sum(cells[c] for c in inner) for name, inner in lines_of(cells).items()}
    shown = {name: value for name, value in (cells | sums).items() if name not in hidden}
    assert not [name for name, value in shown.items() if small(value, threshold)]
    assert not narrow(read(cells, lines_of(cells), hidden), threshold)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=9))
def test_no_hidden_cell_of_a_column_can_be_bounded(values: list[int]) -> None:
    cells = dict(enumerate(values))
    hidden = protect(column(cells))
    assume(hidden is not None)
    assert not narrow(read(cells, {Total("all", ""): list(cells)}, hidden), THRESHOLD)


@given(TABLES)
@settings(max_examples=50, deadline=None)
def test_the_same_table_hides_the_same_cells(cells: Cells) -> None:
    assert protect(cross(cells)) == protect(cross(dict(cells)))


@pytest.mark.parametrize(("hidden", "share"), [(set(), 0.0), ({"a"}, 0.5), ({"a", "b"}, 1.0)])
def test_the_share_hidden_counts_what_is_not_zero(hidden: set[str], share: float) -> None:
    assert hidden_share({"a": 3, "b": 9, "c": 0}, hidden.__contains__) == share


def test_a_table_that_was_looked_at_is_not_worked_out_again() -> None:
    cells = {
        (f"place {n}", f"theme {m}"): 1 + (7 * n + 5 * m) % 11 for n in range(9) for m in range(9)
    }
    found = protect(cross(cells))
    before = secrecy._protect.cache_info()
    assert protect(cross(dict(cells))) == found
    after = secrecy._protect.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
    cells["place 0", "theme 0"] += 1
    protect(cross(cells))
    assert secrecy._protect.cache_info().misses == before.misses + 1
