"""Raw fixes, a row a minute, for two months at the most. Never an event, never sent."""

import msgspec

from .. import disk
from ..clock import utc_at
from ..errors import JournalRefused
from ..gps.fix import Fix
from ..journal import Journal
from .store import VehicleStore

MINUTE = 60_000
"""Milliseconds of boot time between two rows."""
DAY = 86_400_000


class Track:
    """The minute that is being filled. Positions are the first to give way on a full disk."""

    def __init__(self, journal: Journal, store: VehicleStore) -> None:
        self.days = 0
        """Days a fix is kept; 0: none is."""
        self.dropped = 0
        """Fixes the disk had no room for, or refused, since the start."""
        self._journal, self._store = journal, store
        self._disk: disk.State = "ok"
        self._fixes: list[tuple[int, float, float, float | None, float | None]] = []
        self._began = 0

    def add(self, fix: Fix, boottime: int) -> None:
        """A fix heard on duty."""
        if fix.lat is None or fix.lon is None or not self.days:
            return
        if not self._fixes:
            self._began = boottime
        place = round(fix.lat, 6), round(fix.lon, 6)
        self._fixes.append((boottime - self._began, *place, fix.speed, fix.hdop))

    def due(self, boottime: int, *, on_duty: bool) -> bool:
        """Whether the minute is over."""
        return bool(self._fixes) and (not on_duty or boottime - self._began >= MINUTE)

    def write(self) -> None:
        """Writes the minute, unless the disk is low.

        Raises JournalRefused; the minute is gone then, too.
        """
        fixes, self._fixes = self._fixes, []
        self._disk = disk.state(disk.free_bytes(self._journal.path.parent), self._disk)
        if not disk.keeps_track(self._disk):
            self.dropped += len(fixes)
            return
        anchor, body = self._journal.anchor, msgspec.msgpack.encode(fixes)
        utc = None if anchor is None else utc_at(anchor, self._began)
        try:
            with self._journal.atomic():
                self._store.add_track(self._journal.clock.boot_id, self._began, utc, body)
        except JournalRefused:
            self.dropped += len(fixes)
            raise

    def forget(self, utc: int | None) -> None:
        """Removes what has been kept long enough. Raises JournalRefused."""
        before = None if utc is None else utc - self.days * DAY
        with self._journal.atomic():
            self._store.forget_track(before, self.days * 1440)
