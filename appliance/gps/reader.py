"""Bytes of a receiver in, fixes out: framing, reading, merging and doubting in their order.

Never raises, whatever the bytes: what cannot be read is counted. Reads no port and no clock.
"""

from collections import deque
from datetime import datetime

from .doubt import Calendar, Place, Track
from .epoch import Epoch
from .fix import Fix
from .report import read
from .sentence import Counts, Framer
from .sky import Sky

TOLD = 8
"""Instants remembered, of which no second fix is given."""


class Reader:
    """One receiver's line, from its first byte on."""

    def __init__(self, counts: Counts | None = None) -> None:
        self.counts, self.sky = counts or Counts(), Sky()
        self._framer = Framer(self.counts)
        self._epoch: Epoch | None = None
        self._track = Track()
        self._calendar = Calendar()
        self._told: deque[int | None] = deque(maxlen=TOLD)
        self._mode: int | None = None

    def push(self, data: bytes, heard: float = 0.0) -> list[Fix]:
        """The fixes completed by these bytes.

        `heard` (seconds, on any clock) is when they were read: a fix carries that of its first
        sentence. An epoch is complete when a sentence of another instant arrives, or on `flush`.
        """
        fixes, epoch = [], self._epoch
        for sentence in self._framer.push(data):
            report = read(sentence)
            if report is None:
                self.sky.hear(sentence)
                continue
            if epoch is None:
                epoch = Epoch(heard)
            if not epoch.take(report):
                fix = self._close(epoch, report.clock)
                if fix is not None:
                    fixes.append(fix)
                epoch = Epoch(heard)
                epoch.take(report)
        self._epoch = epoch
        return fixes

    def flush(self) -> list[Fix]:
        """The fix still open, when the line has fallen quiet."""
        epoch, self._epoch = self._epoch, None
        fix = self._close(epoch, None) if epoch is not None else None
        return [fix] if fix is not None else []

    def _close(self, epoch: Epoch, following: int | None) -> Fix | None:
        clock, places, place = epoch.clock, epoch.places(), None
        if clock is not None and clock in self._told:
            return None  # the rest of an epoch that damage cut in two
        if places:
            place = self._track.believe(clock, places, following)
            if place is None:
                self.counts.doubted += 1
                return None
        told, time = epoch.day(), None
        if clock is not None:
            time = self._calendar.time(clock, told, valid=epoch.valid())
        if not epoch.speaks_of_place():
            return None
        if place is not None:
            self._told.append(clock)
        return self._fix(epoch, time, place, dated=told is not None)

    def _fix(self, epoch: Epoch, time: datetime | None, place: Place | None, *, dated: bool) -> Fix:
        full, motion, gsa = epoch.fullest(), epoch.motion(), epoch.reports.get("GSA")
        self._mode = (epoch.mode() or self._mode or 2) if place else None
        lat, lon = place or (None, None)
        return Fix(
            time,
            lat,
            lon,
            motion.speed if place and motion else None,
            motion.course if place and motion else None,
            self._mode or 1,
            (full and full.hdop) or (gsa and gsa.hdop) or None,
            full.satellites if full else None,
            dated and time is not None,
            epoch.valid(),
            epoch.clock,
            epoch.heard,
        )
