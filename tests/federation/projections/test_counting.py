"""Sums: each visit once a period and axis, cancelled never, taken away without a trace."""

from federation.projections.counting import Cell, Counts, Sums, count
from federation.projections.visits import tallies, visits
from protocol.event import Key
from protocol.visits import Cancelled, CheckedIn, Described, Left, Received, Tally

from .told import PARIS, nowhere, words

IN = CheckedIn(number=1, door="sante", theme="sante", people=2)
VISIT = Key(7, 1)


def rows(*events: object) -> list[object]:
    told = words(IN, *events)  # type: ignore[arg-type]
    return [*visits(told, PARIS, nowhere), *tallies(told, PARIS, nowhere)]


def totals(*events: object) -> Sums | None:
    return count(rows(*events)).get(Cell("2026", "total", PARIS.unit))  # type: ignore[arg-type]


def test_day_month_and_year_say_the_same_of_one_visit() -> None:
    found = count(rows())  # type: ignore[arg-type]
    for period in ("2026", "2026-05", "2026-05-04"):
        assert found[Cell(period, "theme", PARIS.unit, "sante")] == Sums(1, 2, 0, 0, 0, 0)


def test_served_is_received_or_described_by_staff_and_only_who_was_not_left_unserved() -> None:
    assert totals(Received(visit=VISIT)) == Sums(1, 2, 0, 1, 0, 0)
    staff = Described(visit=VISIT, source="staff", duration_minutes=20)
    assert totals(staff) == Sums(1, 2, 0, 1, 0, 20)
    assert totals(Left(visit=VISIT)) == Sums(1, 2, 0, 0, 1, 0)
    assert totals(Received(visit=VISIT), Left(visit=VISIT)) == Sums(1, 2, 0, 1, 0, 0)


def test_a_cancelled_visit_is_in_no_sum() -> None:
    assert totals(Cancelled(visit=VISIT, reason="mistake")) is None


def test_who_is_counted_by_hand_is_told_apart_and_is_no_visit() -> None:
    tally = Tally(theme="sante", counts={"18_24": {"feminin": 7}})
    assert totals(tally) == Sums(1, 9, 7, 0, 0, 0)
    found = count(rows(tally))  # type: ignore[arg-type]
    assert found[Cell("2026", "origin", PARIS.unit, "tallied")] == Sums(0, 7, 7, 0, 0, 0)
    assert sum(sums.people for cell, sums in found.items() if cell.axis == "first_visit") == 6


def test_every_axis_adds_up_to_the_total() -> None:
    described = Described(visit=VISIT, source="staff", gender="feminin", age_band="18_24")
    found = count(rows(described))  # type: ignore[arg-type]
    whole = found[Cell("2026", "total", PARIS.unit)]
    axes = {cell.axis for cell in found}
    assert axes == {
        "total", "origin", "gender_age", "theme", "help_level", "first_visit", "social_status",
        "known_via", "referral", "mode", "duration", "commune", "class", "commune_gender_age",
        "class_gender_age", "theme_help", "hour", "stop",
    }  # fmt: skip
    for axis in axes:
        cells = [sums for cell, sums in found.items() if (cell.period, cell.axis) == ("2026", axis)]
        assert [sum(each) for each in zip(*cells, strict=True)] == list(whole), axis


def test_what_is_counted_out_again_leaves_nothing() -> None:
    counts = Counts()
    (row,) = rows(Received(visit=VISIT))
    counts.add(row)  # type: ignore[arg-type]
    counts.add(row, -1)  # type: ignore[arg-type]
    assert counts.taken() == {}
