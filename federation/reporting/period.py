"""The period that a report is about, as people type it. Pure; knows no zone: days are local."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ..errors import OperatorError

_YEAR = re.compile(r"(\d{4})")
_QUARTER = re.compile(r"(\d{4})-T([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")
_YEARS = range(2000, 2200)
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip


class Period(NamedTuple):
    """From the first day to the last, both included."""

    name: str
    """As typed: 2026, 2026-T1, 2026-03 or 2026-03-01..2026-03-31."""
    first: date
    last: date

    @property
    def year(self) -> "Period":
        """The year it lies in: where a table that is too thin goes up to."""
        return _whole_year(self.first.year)

    @property
    def is_year(self) -> bool:
        """Whether nothing is above it."""
        return self == self.year

    @property
    def label(self) -> str:
        """In French."""
        if self.is_year:
            return f"année {self.name}"
        if quarter := _QUARTER.fullmatch(self.name):
            ordinal = "1er" if quarter[2] == "1" else f"{quarter[2]}e"
            return f"{ordinal} trimestre {quarter[1]}"
        if _MONTH.fullmatch(self.name):
            return f"{_MONTHS[self.first.month - 1]} {self.first.year}"
        return f"du {day_label(self.first)} au {day_label(self.last)}"

    def keys(self) -> Iterator[str]:
        """The periods of the aggregates that make it up: a year, whole months, days."""
        if self.is_year:
            yield self.name
            return
        day = self.first
        while day <= self.last:
            end = _end_of_month(day)
            if day.day == 1 and end <= self.last:
                yield f"{day:%Y-%m}"
                day = end + timedelta(1)
            else:
                yield day.isoformat()
                day += timedelta(1)

    def months(self) -> list[str]:
        """The months that it touches, YYYY-MM."""
        day, found = self.first.replace(day=1), list[str]()
        while day <= self.last:
            found.append(f"{day:%Y-%m}")
            day = _end_of_month(day) + timedelta(1)
        return found

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def parse(text: str) -> Period:
    """What was typed. Raises OperatorError."""
    try:
        found = _read(text)
    except ValueError:
        found = None
    if found is None or found.first > found.last or not _known(found):
        raise OperatorError(
            f"{text!r} is no period: write 2026, 2026-T1, 2026-03 or 2026-03-01..2026-03-31."
        )
    return found


def day_label(day: date) -> str:
    """A day as people write it."""
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS[day.month - 1]} {day.year}"


def _read(text: str) -> Period | None:
    if match := _YEAR.fullmatch(text):
        return _whole_year(int(match[1]))
    if match := _QUARTER.fullmatch(text):
        year, month = int(match[1]), 3 * int(match[2]) - 2
        return Period(text, date(year, month, 1), _end_of_month(date(year, month + 2, 1)))
    if match := _MONTH.fullmatch(text):
        first = date(int(match[1]), int(match[2]), 1)
        return Period(text, first, _end_of_month(first))
    if match := _RANGE.fullmatch(text):
        return Period(text, date.fromisoformat(match[1]), date.fromisoformat(match[2]))
    return None


def _known(found: Period) -> bool:
    """Whether the calendar goes on after it; nothing was counted before."""
    return found.first.year >= _YEARS.start and found.last.year in _YEARS


def _whole_year(year: int) -> Period:
    return Period(f"{year:04d}", date(year, 1, 1), date(year, 12, 31))


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
