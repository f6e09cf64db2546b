"""Keeps the day's key and its lines, and erases them for good. Lets nobody in: see `vault.py`.

Whatever is erased is gone from the file and from its log too: they are overwritten
(`secure_delete`), and the log is cut off as soon as no reader is in the way.
"""

import logging
import sqlite3

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol.documents import Roster, RosterLine

from ..clock import Stamp, stamp
from ..journal import Journal
from ..journal.erasing import clear_log
from . import days, pins, roster
from .days import DayKey
from .roster import RosterView
from .store import Store

log = logging.getLogger("vault")


class Daybook:
    """`secret`: the board's own; without it the private half is in memory alone."""

    def __init__(
        self, journal: Journal, store: Store, *, unit: str, zone: str, secret: bytes | None
    ) -> None:
        self._journal, self._store = journal, store
        self._unit, self._zone, self._secret = unit, zone, secret
        self._private: X25519PrivateKey | None = None
        self._log_to_cut = True  # it may have been killed before it could

    @property
    def public(self) -> bytes:
        """What names may be sealed to; empty: nobody could open them."""
        day = self._store.day()
        return day.public if day and self._can_open(day) else b""

    def begin(self, stretched: bytes) -> None:
        """Somebody is let in: today's key is made, or taken out of its capsule again."""
        self.step()
        day = self._store.day()
        private = self._key_of(day) or self._unwrapped(day, stretched)
        with self._journal.atomic():
            if private is None:
                private = X25519PrivateKey.generate()
                self._store.forget_lines()
                self._keep(private, stretched, cut=day is not None)
            elif day is not None and day.capsule and not self._unwrapped(day, stretched):
                # The PIN was kept anew, so the capsule is.
                self._store.keep_day(days.rewrapped(day, self._capsule(private, stretched)))
        self._private = private

    def add(self, line: RosterLine) -> None:
        """Keeps a line of today, in the caller's transaction; nothing while there is no key."""
        public = self.public
        if public:
            self._store.add_line(roster.seal(line, public, self._unit))

    def view(self, document: Roster) -> RosterView:
        """The list in clear; `document`: what the federation sent last."""
        day = self._store.day()
        private = self._key_of(day)
        if day is None or private is None:
            return RosterView()
        ours = roster.opened(self._store.lines(), private, self._unit)
        theirs = roster.told(document, private, self._unit)
        return RosterView(roster.merged(ours, theirs or ()), day.cut and theirs is None)

    def erase(self) -> None:
        """The day is over: nothing of it stays, once a `step` follows. May be in a transaction."""
        with self._journal.atomic():
            self._store.forget_day()
        self._log_to_cut = True

    def lose(self) -> None:
        """The key is lost, the day goes on; as `erase`."""
        day = self._store.day()
        if day is not None and (day.public or self._store.lines()):
            with self._journal.atomic():
                self._store.keep_day(days.lost(day))
                self._store.forget_lines()
        self._log_to_cut = True

    def step(self) -> None:
        """Time passes: ends what is over, marks its age, cuts the log. Raises JournalRefused."""
        day, now = self._store.day(), self._now()
        if day is not None:
            if days.is_over(day, now, self._zone):
                self.erase()
            elif day.public and not self._can_open(day):
                self.lose()
            elif (marked := days.marked(day, now)) is not day:
                with self._journal.atomic():
                    self._store.keep_day(marked)
        self._private = self._key_of(self._store.day())
        self._cut_log()

    def _now(self) -> Stamp:
        return stamp(self._journal.clock, self._journal.anchor)

    def _can_open(self, day: DayKey) -> bool:
        """Whether anybody ever could: the key is in memory, or in a capsule of this board."""
        return self._key_of(day) is not None or bool(day.capsule and self._secret)

    def _key_of(self, day: DayKey | None) -> X25519PrivateKey | None:
        """The private half in memory, if it is that day's."""
        private = self._private
        if day is None or private is None or private.public_key().public_bytes_raw() != day.public:
            return None
        return private

    def _unwrapped(self, day: DayKey | None, stretched: bytes) -> X25519PrivateKey | None:
        if day is None or not day.capsule or not self._secret:
            return None
        return days.unwrap(day, pins.capsule_key(stretched, self._secret))

    def _capsule(self, private: X25519PrivateKey, stretched: bytes) -> bytes:
        if not self._secret:
            return b""
        return days.wrap(private, pins.capsule_key(stretched, self._secret))

    def _keep(self, private: X25519PrivateKey, stretched: bytes, *, cut: bool) -> None:
        public = private.public_key().public_bytes_raw()
        capsule = self._capsule(private, stretched)
        self._store.keep_day(days.begun(public, capsule, self._now(), cut=cut))

    def _cut_log(self) -> None:
        """A reader's one step may be in the way: then it is tried again at the next one."""
        connection = self._journal.database.conn
        if not self._log_to_cut or connection.in_transaction:
            return
        try:
            self._log_to_cut = not clear_log(connection)
        except sqlite3.OperationalError as error:
            log.warning("%s: its log was not cut (%s)", self._journal.path, error)
