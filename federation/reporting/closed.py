"""Which periods a funder reads: whole ones that are over and had time to arrive. Pure.

Of one that still runs, two readings minutes apart would tell who came between.
"""

from datetime import date, timedelta
from typing import Final

from . import period
from .period import Period

SETTLING: Final = timedelta(days=7)
"""After the last day: vehicles that were out of reach have come home."""


def is_closed(asked: Period, today: date) -> bool:
    """Whether it is a whole month, quarter or year that ended long enough ago."""
    return ".." not in asked.name and asked.last + SETTLING <= today


def newest(today: date) -> Period:
    """The month that closed last."""
    month = today.replace(day=1)
    while not is_closed(found := period.parse(f"{month:%Y-%m}"), today):
        month = (month - timedelta(1)).replace(day=1)
    return found
