"""Which periods a funder reads: quarters that are over and had time to arrive. Pure.

Of one that still runs, two readings minutes apart would tell who came between.
"""

from datetime import date, timedelta
from typing import Final

from . import period
from .period import Period

SETTLING: Final = timedelta(days=7)
"""After the last day: vehicles that were out of reach have come home."""


def is_closed(asked: Period, today: date) -> bool:
    """Whether it is a quarter that ended long enough ago.

    Of one length alone: a quarter less two of its months tells the third, hidden or not.
    """
    return "-T" in asked.name and asked.last + SETTLING <= today


def newest(today: date) -> Period:
    """The quarter that closed last."""
    year, quarter = today.year, (today.month + 2) // 3
    while not is_closed(found := period.parse(f"{year}-T{quarter}"), today):
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return found
