"""Keeps this boot dated: hears fixes and the kernel, tells `clock.set`.

What is believed is decided in `appliance.discipline`; here it is written down and passed on.
"""

import logging
from pathlib import Path

from protocol.unit import ClockSet

from .. import system_clock
from ..clock import Anchor, BootClock, Stamp, kernel_anchor, utc_at
from ..discipline import TOLERANCE, ClockDiscipline
from ..gps.fix import Fix
from ..journal import Journal
from .store import VehicleStore

FLOOR_EVERY = 600_000
"""Milliseconds between two savings of how late it is."""
KERNEL_EVERY = 60_000
CHRONY_EVERY = 3_000
"""chronyd looks for a sample every 4 s (image/overlay/etc/chrony/chrony.conf)."""

_log = logging.getLogger("vehicle.clock")


class SystemClock:
    """The machine's clock as this unit may treat it: fed through chrony, set once, or left."""

    def __init__(self, chrony: Path | None, *, may_set: bool) -> None:
        self._chrony = chrony
        self._may_set = may_set
        self._next_feed = 0

    def leave(self) -> None:
        """Set it no more; chrony goes on being fed."""
        self._may_set = False

    def put_right(self, anchor: Anchor, boottime: int) -> None:
        """Called with each fix that bears the time out; `boottime`: now (ms).

        chrony hears some of them; without it the clock is set once.
        """
        if boottime < self._next_feed:
            return
        self._next_feed = boottime + CHRONY_EVERY
        now = utc_at(anchor, boottime)
        if self._chrony is not None and system_clock.feed_chrony(self._chrony, now):
            self._may_set = False
        elif self._may_set:
            self._may_set = False
            if not system_clock.set_to(now):
                _log.info("the system clock stays as it is: no right to set it")


class Timekeeper:
    """One boot's time, from its first row to its last."""

    def __init__(
        self, journal: Journal, store: VehicleStore, clock: BootClock, system: SystemClock
    ) -> None:
        self._journal, self._store, self._clock, self._system = journal, store, clock, system
        self._discipline = ClockDiscipline(
            clock.boot_id,
            store.floor(clock.boot_id),
            store.anchor(clock.boot_id),
            # A twin speeds up time, not the reading of the line: its epochs come as unevenly.
            round(TOLERANCE * max(1.0, clock.rate)),
        )
        if self.anchor is not None and self.anchor.source == "gps":
            system.leave()  # another process of this boot has done it
        self._untold: Anchor | None = None
        self._next_floor = 0
        self._next_kernel = 0
        journal.anchor = self._discipline.anchor

    @property
    def anchor(self) -> Anchor | None:
        """What dates this boot now."""
        return self._discipline.anchor

    @property
    def refused(self) -> int:
        """Dates of valid fixes that could not be true."""
        return self._discipline.refused

    def utc(self, boottime: int) -> int | None:
        """UTC (ms) at that instant of this boot, when known."""
        return None if self.anchor is None else utc_at(self.anchor, boottime)

    def stamp_at(self, boottime: int) -> Stamp:
        """Another instant of this boot, as far as it is dated now."""
        boot_id, anchor = self._clock.boot_id, self.anchor
        if anchor is None:
            return Stamp(boot_id, boottime, None, "none", 0)
        return Stamp(boot_id, boottime, utc_at(anchor, boottime), anchor.source, anchor.error)

    def hear(self, fix: Fix, boottime: int) -> None:
        """A fix whose first bytes were read at that boottime (ms)."""
        self._believe(self._discipline.see(boottime, fix))
        if self.anchor is not None and self.anchor.source == "gps" and fix.valid:
            self._system.put_right(self.anchor, self._clock.boottime())

    def keep(self, boottime: int) -> None:
        """Now and then: asks the kernel, tells what is untold, saves how late it is.

        Raises JournalRefused; what could not be told is told at the next call that succeeds.
        """
        if boottime >= self._next_kernel:
            self._next_kernel = boottime + KERNEL_EVERY
            self._believe(self._discipline.hear_kernel(kernel_anchor(self._clock)))
        if self._untold is not None:
            self._tell(self._untold, boottime)
            self._untold = None
        elif self.anchor is not None and boottime >= self._next_floor:
            self._save_floor(self.anchor, boottime)

    def _believe(self, anchor: Anchor | None) -> None:
        if anchor is not None:
            self._journal.anchor = self._untold = anchor

    def _tell(self, anchor: Anchor, boottime: int) -> None:
        with self._journal.atomic():
            self._journal.append(
                ClockSet(
                    boot_id=anchor.boot_id,
                    boottime=anchor.boottime,
                    utc=anchor.utc,
                    source=anchor.source,
                    error=anchor.error,
                )
            )
            self._store.keep_anchor(anchor)
            self._store.date_track(anchor)
            self._save_floor(anchor, boottime)

    def _save_floor(self, anchor: Anchor, boottime: int) -> None:
        with self._journal.atomic():
            self._store.keep_floor(anchor.boot_id, utc_at(anchor, boottime))
        self._next_floor = boottime + FLOOR_EVERY
