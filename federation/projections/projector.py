"""Follows the ledger: notes what is new, makes again what that changes, a bounded bite at a time.

It stands beside ingest in its loop and uses its connection. What it cannot read it skips and
lists in `unreadable`; nothing a unit can send stops it.
"""

import time
from collections.abc import Callable, Iterable
from typing import Final

from protocol.topics import PARTITIONS, partition

from ..database import Database
from . import noting
from .basis import Basis
from .making import Maker

BITE: Final = 500
"""Events that are noted together."""
LOOK_SECONDS: Final = 60.0
"""Between two looks at zones and places."""
ALL: Final = frozenset(range(PARTITIONS))

_HOW_FAR = "SELECT partition, event, places FROM projected"
_MORE = "SELECT max(id) FROM event"
_MOVE_ON = """
INSERT INTO projected (partition, event, places) VALUES (?, ?, ?)
ON CONFLICT (partition) DO UPDATE SET event = excluded.event, places = excluded.places
"""
_ZONE = """
INSERT INTO projected_unit (unit, zone) VALUES (?, ?)
ON CONFLICT (unit) DO UPDATE SET zone = excluded.zone
"""


class Projector:
    """The one writer of the tables for reading, of some partitions."""

    def __init__(
        self,
        database: Database,
        basis: Callable[[], Basis],
        *,
        partitions: Iterable[int] = ALL,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`basis`: asked now and then; `clock`: in seconds, for the time that a turn may take."""
        self._database, self._basis, self._clock = database, basis, clock
        self._partitions = frozenset(partitions)
        self._maker = Maker(database, self._partitions)
        self._look_at = float("-inf")
        self._places = ""
        self.position = 0
        """Id of the last event that was looked at."""
        self._is_behind = True

    def step(self, now: float, *, budget: float) -> bool:
        """One turn of about so many seconds; whether more is left. Raises OperatorError."""
        if now >= self._look_at:
            self._look_at = now + LOOK_SECONDS
            with self._database.transaction():
                self.look()
        if not self._is_behind and not self._has_more() and self._maker.is_idle():
            return False
        with self._database.transaction():
            self._is_behind = not self.turn(budget)
        self._database.announce()
        return self._is_behind

    def turn(self, budget: float) -> bool:
        """The same inside the caller's transaction; whether everything is made."""
        end = self._clock() + budget
        while not self._maker.is_idle() or self._note():
            self._maker.make(lambda: self._clock() >= end)
            if self._clock() >= end:
                return self._maker.is_idle() and not self._has_more()
        return True

    def _has_more(self) -> bool:
        (newest,) = self._database.execute(_MORE).fetchone()
        return newest is not None and newest > self.position

    def _note(self) -> bool:
        before = self.position
        self.position = noting.note(self._database, before, BITE, self._partitions)
        if self.position > before:
            self._save()
        return self.position > before

    def _save(self) -> None:
        lines = [(number, self.position, self._places) for number in sorted(self._partitions)]
        self._database.executemany(_MOVE_ON, lines)

    def look(self) -> None:
        """Takes zones and places as they are now, inside the caller's transaction."""
        basis = self._basis()
        told = self._database.execute(_HOW_FAR).fetchall()
        held = {number: line for number, *line in told if number in self._partitions}
        # A partition that came from another worker begins where that one left it.
        lines = [held.get(number, [0, ""]) for number in self._partitions]
        self.position = min((event for event, _ in lines), default=0)
        self._places = f"{basis.places.mark()} {basis.within:.0f}"
        self._look_at_zones(basis)
        self._maker.begin(basis)
        if {places for _, places in lines} != {self._places}:
            self._locate_again()
            self._save()
            self._is_behind = True

    def _look_at_zones(self, basis: Basis) -> None:
        known = self._database.execute("SELECT unit, zone FROM projected_unit").fetchall()
        for unit, zone in known:
            now = basis.zone(unit)
            if partition(unit) in self._partitions and now != zone:
                self._database.execute(_ZONE, (unit, now))
                noting.mark_all(self._database, unit)
                self._is_behind = True

    def _locate_again(self) -> None:
        exact = self._database.execute("SELECT DISTINCT unit FROM stop WHERE lat IS NOT NULL")
        for (unit,) in exact.fetchall():
            if partition(unit) in self._partitions:
                noting.mark_stops(self._database, unit)
