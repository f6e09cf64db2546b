"""When the daily chores begin: once the time is known, then each day. Does none of them.

`schedule` follows the wall clock and stalls for months when that steps back: it is only asked while
the wall clock runs with the monotonic one, and given a new plan when it was stepped.
"""

from collections.abc import Callable

import schedule

HOUR = "13:00"
"""Around noon a van is switched on, and mostly stands."""
STEP = 60.0
"""Seconds by which the wall clock must have moved by itself to count as stepped."""


class Timetable:
    """Calls `chores` at its first step, and daily from then on."""

    def __init__(self, chores: Callable[[], None]) -> None:
        self._chores = chores
        self._scheduler = schedule.Scheduler()
        self._offset: float | None = None

    def step(self, monotonic: float, wall: float) -> None:
        """Both in seconds; called only while this boot's time is known."""
        offset = wall - monotonic
        if self._offset is None:
            # The box may be off at the hour, every day: each start has its turn.
            self._chores()
        if self._offset is None or abs(offset - self._offset) > STEP:
            self._scheduler.clear()
            self._scheduler.every().day.at(HOUR).do(self._chores)
        self._offset = offset
        self._scheduler.run_pending()
