"""One line of seconds for the stops, unbroken by boots, leap seconds or a missing date. Pure.

The receiver's own seconds are the steadiest, where it tells them; boot time fills in where it does
not, within a boot.
"""

import msgspec

LEAP = 7 * 86_400.0
"""Seconds: a receiver that says more went by has mended its date, and no time is read off that."""
UNKNOWN_GAP = 600.0
"""Seconds, for a reboot of which no clock tells the length: a gap, and not a long one."""


class Axis(msgspec.Struct, frozen=True):
    """Where the line has come to."""

    seconds: float = 0.0
    boot_id: str = ""
    boottime: int = 0
    """Milliseconds, at `seconds`."""
    told: float | None = None
    """The receiver's last UTC, seconds since 1970; None: it never had a date."""
    told_at: float = 0.0
    """Where the line was then."""

    def moved(self, told: float | None, boot_id: str, boottime: int) -> "Axis":
        """The line at that boottime, where the receiver tells that UTC, if it does."""
        awake = max(0.0, (boottime - self.boottime) / 1000) if boot_id == self.boot_id else None
        seconds = self.seconds + (UNKNOWN_GAP if awake is None else awake)
        if told is None:
            return Axis(seconds, boot_id, boottime, self.told, self.told_at)
        if self.told is not None and 0 < told - self.told <= LEAP + (awake or 0.0):
            by_receiver = self.told_at + told - self.told
            seconds = by_receiver if by_receiver > self.seconds else seconds
        return Axis(seconds, boot_id, boottime, told, seconds)

    def boottime_of(self, seconds: float) -> int:
        """Boottime (ms) of this boot at another point of the line; negative: before the boot."""
        return self.boottime - round((self.seconds - seconds) * 1000)
