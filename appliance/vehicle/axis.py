"""One line of seconds for the stops detector, unbroken by boots, leap seconds or a missing date.

Pure. The receiver's own seconds are the steadiest where it tells them; boot time fills in where it
does not, within a boot.
"""

from datetime import UTC, datetime

import msgspec

from ..gps.fix import Fix

LEAP = 7 * 86_400.0
"""Seconds: a receiver that says more went by has mended its date, and no time is read off that."""
UNKNOWN_GAP = 600.0
"""Seconds, for a reboot of which no clock tells the length: a gap, and not a long one."""


class Axis(msgspec.Struct, frozen=True):
    """Where the line has come to, and what the clocks said there."""

    seconds: float = 0.0
    told: float | None = None
    """The receiver's UTC, seconds since 1970; None: it had no date."""
    boot_id: str = ""
    boottime: int = 0
    """Milliseconds."""

    def moved(self, fix: Fix, boot_id: str, boottime: int) -> "Axis":
        """The line at this fix, heard at that boottime."""
        told = None if fix.time is None else _seconds(fix.time)
        step = self._step(told, boot_id, boottime)
        return Axis(self.seconds + step, told, boot_id, boottime)

    def boottime_of(self, seconds: float) -> int:
        """Boottime (ms) of this boot at another point of the line; negative: before the boot."""
        return self.boottime - round((self.seconds - seconds) * 1000)

    def _step(self, told: float | None, boot_id: str, boottime: int) -> float:
        awake = max(0.0, (boottime - self.boottime) / 1000) if boot_id == self.boot_id else None
        if told is not None and self.told is not None:
            step = told - self.told
            if 0 < step <= LEAP + (awake or 0.0):
                return step
        return UNKNOWN_GAP if awake is None else awake


def _seconds(time: datetime) -> float:
    return (time - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
