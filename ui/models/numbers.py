"""The day's number. Pure: told what the journal holds, says what comes next."""

from datetime import date
from typing import NamedTuple


class LastNumber(NamedTuple):
    """The last number given, as far as the journal remembers."""

    number: int = 0
    day: date | None = None
    """Local day it was given on; None when that boot never learnt the time."""
    closed: bool = False
    """The day was closed since."""


def next_number(last: LastNumber, today: date | None) -> int:
    """1 after the day's closing or on a later local day that is known, else one more.

    A day is never taken as new on a guess: with the time unknown the numbers go on.
    """
    if last.closed:
        return 1
    if today is not None and last.day is not None and today > last.day:
        return 1
    return last.number + 1
