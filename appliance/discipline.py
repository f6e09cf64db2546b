"""Which time of a receiver is believed, and when the time believed is changed. Pure.

A receiver may be wrong by 1024 weeks, by the leap seconds until it has the almanac, or entirely
until it has seen the sky; so may the system clock, which is why it is not asked (the kernel's word
that it is synchronised is). Refuses to compare the counters of two boots.
"""

from collections import deque
from datetime import UTC, datetime, timedelta
from statistics import median

from .clock import Anchor, utc_at
from .gps.fix import Fix

RELEASED = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
"""Before this no unit existed: the lowest floor there is."""
ROLLOVER = 1024 * 7 * 86_400_000
"""Milliseconds after which a receiver's weeks begin again."""
RECENT = 365 * 86_400_000
"""A date below the floor by less than this is no rollover: it is wrong, or the floor is."""
TOLERANCE = 500
"""Milliseconds by which UTC and boot time may advance differently from one epoch to the next."""
APART = 500
"""Epochs closer than that (milliseconds) may come from one burst of bytes and count as one."""
IN_A_ROW = 3
LEAP_ROW = 10
"""Epochs after which a shift by 1 to 3 whole seconds is the almanac come in."""
SUSTAINED_ROW = 60
"""Epochs after which any other shift is believed: the receiver has mended its date."""


def plausible(told: int, floor: int) -> int | None:
    """The time meant by `told` (ms since 1970), 1024 weeks repaired; None: it cannot be true."""
    if told < floor - RECENT:
        told += ROLLOVER if told + ROLLOVER >= floor else 2 * ROLLOVER
    return told if floor <= told < floor + ROLLOVER else None


class ClockDiscipline:
    """One boot's time. `floor`: the last UTC that earlier boots saved; never raised meanwhile,
    so that a date believed wrongly can be taken back."""

    def __init__(
        self, boot_id: str, floor: int, anchor: Anchor | None = None, tolerance: int = TOLERANCE
    ) -> None:
        self.anchor = anchor if anchor is not None and anchor.boot_id == boot_id else None
        self.refused = 0
        """Dates of a valid fix that could not be true."""
        self._boot_id = boot_id
        self._floor = max(floor, RELEASED)
        self._tolerance = tolerance
        self._offsets: deque[int] = deque(maxlen=SUSTAINED_ROW)
        self._last = -APART

    def see(self, boottime: int, fix: Fix) -> Anchor | None:
        """The anchor to use from now on, when this fix (heard at `boottime` ms) makes a new one."""
        if fix.time is None or not fix.dated:
            return None
        if not fix.valid:
            self._offsets.clear()
            return None
        if 0 <= boottime - self._last < APART:
            return None
        self._last = boottime
        utc = plausible(_milliseconds(fix.time), self._floor)
        if utc is None:
            self.refused += 1
            self._offsets.clear()
            return None
        offset = utc - boottime
        if self._offsets and abs(offset - self._offsets[-1]) >= self._tolerance:
            self._offsets.clear()
        self._offsets.append(offset)
        return self._decide(boottime)

    def hear_kernel(self, kernel: Anchor | None) -> Anchor | None:
        """The anchor to use from now on, when the kernel's is better than what there is."""
        if kernel is None or kernel.boot_id != self._boot_id:
            return None
        if self.anchor is not None:
            shift = abs(utc_at(self.anchor, kernel.boottime) - kernel.utc)
            if self.anchor.source == "gps" or shift < 2 * self._tolerance:
                return None
        if kernel.utc < self._floor:
            return None
        self.anchor = kernel
        return kernel

    def _decide(self, boottime: int) -> Anchor | None:
        if len(self._offsets) < IN_A_ROW:
            return None
        offset = round(median(self._offsets))
        if not self._floor <= boottime + offset < self._floor + ROLLOVER:
            return None
        if self.anchor is not None and self.anchor.source == "gps":
            shift = offset - (self.anchor.utc - self.anchor.boottime)
            if abs(shift) < self._tolerance or len(self._offsets) < _patience(shift):
                return None
        self.anchor = Anchor(self._boot_id, boottime, boottime + offset, "gps", 2 * self._tolerance)
        return self.anchor


def _patience(shift: int) -> int:
    """How many epochs must agree before the time believed moves by that many milliseconds."""
    seconds = round(abs(shift) / 1000)
    whole = abs(abs(shift) - seconds * 1000) < TOLERANCE // 2
    return LEAP_ROW if whole and 1 <= seconds <= 3 else SUSTAINED_ROW


def _milliseconds(time: datetime) -> int:
    return (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
