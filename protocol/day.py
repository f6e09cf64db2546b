"""The working day on board: its closing, and staff unlocking the screen."""

from typing import ClassVar

from .event import Count, Event, Initials


class Closed(Event, frozen=True, kw_only=True):
    """The day was closed: numbers restart, the roster is erased."""

    TYPE: ClassVar[str] = "day.closed"

    check_ins: Count = 0
    sign_ups: Count = 0
    """People who had seats or waited, by the sign-ups made that day as they stood at its end."""
    author: Initials = ""


class Unlocked(Event, frozen=True, kw_only=True):
    """A member of staff gave the PIN."""

    TYPE: ClassVar[str] = "staff.unlocked"

    failed_before: Count = 0
    """Wrong PINs since the last right one."""
