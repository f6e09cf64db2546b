"""What each row adds to the sums of `aggregate`. Pure: sums bear any order, and taking away."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from protocol.codes import NOT_STATED

from .visits import TallyRow, VisitRow


class Cell(NamedTuple):
    """Where something is counted."""

    period: str
    axis: str
    unit: str
    a: str = ""
    b: str = ""
    c: str = ""


class Sums(NamedTuple):
    """What is counted."""

    visits: int
    people: int
    tallied: int
    served: int
    left_unserved: int
    minutes: int


NOTHING: Final = Sums(0, 0, 0, 0, 0, 0)
_LISTED: Final = ("help_level", "first_visit", "social_status", "known_via", "referral", "mode")
"""Axes named after the column that they go by."""


class Counts:
    """Changes of sums that are not written yet."""

    def __init__(self) -> None:
        self._days: dict[tuple[str, ...], list[int]] = {}
        """By Cell's fields, of days alone: months and years are sums of them."""

    def add(self, row: VisitRow | TallyRow, sign: int = 1) -> None:
        """Counts a row in, or out again (-1)."""
        sums, axes = (
            (_of_visit(row), _visit_axes(row))
            if isinstance(row, VisitRow)
            else (_of_tally(row), _axes(row, "tallied"))
        )
        change = [sign * each for each in sums]
        if not any(change):
            return
        for axis, *by in axes:
            cell = (row.day, axis, row.unit, *by)
            held = self._days.get(cell)
            if held is None:
                self._days[cell] = change.copy()
            else:
                for place, each in enumerate(change):
                    held[place] += each

    def taken(self) -> dict[Cell, Sums]:
        """All changes that came to something; they are forgotten here."""
        days, self._days = self._days, {}
        found: dict[tuple[str, ...], list[int]] = {}
        for (day, *rest), change in days.items():
            for period in (day, day[:7], day[:4]):
                held = found.setdefault((period, *rest), [0] * len(change))
                for place, each in enumerate(change):
                    held[place] += each
        return {Cell(*cell): Sums._make(sums) for cell, sums in found.items() if any(sums)}


def count(rows: Iterable[VisitRow | TallyRow]) -> dict[Cell, Sums]:
    """The sums of these rows alone."""
    counts = Counts()
    for row in rows:
        counts.add(row)
    return counts.taken()


def _of_visit(row: VisitRow) -> Sums:
    if row.cancelled is not None:
        return NOTHING
    served = int(row.received_at is not None or bool(row.described))
    left = int(row.left_at is not None and not served)
    return Sums(1, row.people, 0, served, left, row.duration_minutes or 0)


def _of_tally(row: TallyRow) -> Sums:
    return Sums(0, row.people, row.people, 0, 0, 0)


def _visit_axes(row: VisitRow) -> Iterator[tuple[str, ...]]:
    yield from _axes(row, "visit")
    for axis in _LISTED:
        yield axis, getattr(row, axis)
    minutes = row.duration_minutes
    yield "duration", NOT_STATED if minutes is None else str(minutes)
    yield "theme_help", row.theme, row.help_level


def _axes(row: VisitRow | TallyRow, origin: str) -> Iterator[tuple[str, ...]]:
    """What is known of passages and of people counted by hand alike."""
    who = row.gender, row.age_band
    yield ("total",)
    yield "origin", origin
    yield "gender_age", *who
    yield "theme", row.theme
    yield "hour", row.hour
    yield "commune", row.stop_commune
    yield "class", row.territory_class, "" if row.zoning_year is None else str(row.zoning_year)
    yield "commune_gender_age", row.stop_commune, *who
    yield "class_gender_age", row.territory_class, *who
    at = NOT_STATED if row.stop_epoch is None else f"{row.stop_epoch}/{row.stop_seq}"
    yield "stop", at
