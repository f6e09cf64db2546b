"""Makes dirty subjects again and writes what differs. Decides nothing that a row says."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from protocol.event import Key
from protocol.topics import partition

from ..database import Database
from . import kin, rows
from .basis import NONE, Basis
from .counting import Counts
from .duties import duties
from .kin import Subject
from .kinds import WHOLE, About, Kind
from .singles import days_closed, incidents, journeys, reports
from .visits import Where, tallies, visits
from .whereabouts import Whereabouts
from .words import Local, Placed, zone
from .workshops import attendance, sign_ups

CHUNK: Final = 200
"""Subjects that are read together."""

_NEXT = """
SELECT unit, kind, owner, epoch, seq FROM dirty WHERE partition IN ({mine})
ORDER BY partition, unit, kind, owner, epoch, seq LIMIT ?
"""
_MADE = """
DELETE FROM dirty WHERE partition = ? AND unit = ? AND kind = ? AND owner = ? AND epoch = ?
    AND seq = ?
"""


class Maker:
    """Makes subjects again, in the caller's transaction."""

    def __init__(self, database: Database, partitions: Iterable[int]) -> None:
        mine = ", ".join(str(int(number)) for number in sorted(partitions))
        self._next = _NEXT.format(mine=mine)
        self._database, self._counts = database, Counts()
        self._whereabouts = Whereabouts(database)
        self._zones: dict[str, ZoneInfo] = {}
        self.basis = NONE

    def begin(self, basis: Basis) -> None:
        """Goes by these zones and places from now on."""
        self.basis = basis
        self._zones.clear()

    def is_idle(self) -> bool:
        """Whether nothing is dirty."""
        return self._database.execute(self._next, (1,)).fetchone() is None

    def make(self, is_over: Callable[[], bool]) -> None:
        """Makes until nothing is dirty or it is time."""
        while chunk := self._database.execute(self._next, (CHUNK,)).fetchall():
            for (unit, kind), lines in groupby(chunk, key=lambda line: (line[0], line[1])):
                wanted = [About(Kind(kind), owner, Key(*key)) for _, _, owner, *key in lines]
                self._run(unit, Kind(kind), wanted)
                if is_over():
                    self._write_counts()
                    return
        self._write_counts()

    def _write_counts(self) -> None:
        rows.add(self._database, self._counts.taken())

    def _run(self, unit: str, kind: Kind, wanted: Sequence[About]) -> None:
        made = [
            (partition(unit), unit, int(kind), one.owner, one.key.epoch, one.key.seq)
            for one in wanted
        ]
        self._database.executemany(_MADE, made)
        local = Local(unit, self._zone(unit))
        if kind is Kind.STOPS:
            self._whereabouts.make(local, wanted, self.basis)
        elif kind is Kind.DUTY:
            table = rows.OF[kind]
            told = [word for _, word in kin.words(self._database, unit, kind, "", [WHOLE])]
            old = rows.all_of(self._database, table, unit)
            rows.replace(self._database, table, old, duties(told, local))
        else:
            self._subjects(local, kind, wanted)

    def _subjects(self, local: Local, kind: Kind, wanted: Sequence[About]) -> None:
        table, new, keys = rows.OF[kind], list[Any](), set[Key]()
        where = self._where(local.unit)
        for subject in kin.subjects(self._database, local.unit, kind, wanted):
            keys |= subject.keys
            new += self._made(local, kind, subject, where)
        old = rows.some_of(self._database, table, local.unit, keys)
        rows.replace(self._database, table, old, new)
        if kind in (Kind.VISIT, Kind.TALLIED):
            for row in set(old) - set(new):
                self._counts.add(row, -1)
            for row in set(new) - set(old):
                self._counts.add(row)

    def _where(self, unit: str) -> Where:
        """Asks for each stop once: many come to the same one."""
        known = cache(lambda cited: self._whereabouts.named(unit, cited))

        def where(cited: Key | None, moment: int | None) -> Placed:
            named = None if cited is None else known(cited)
            return named or self._whereabouts.then(unit, moment)

        return where

    def _made(self, local: Local, kind: Kind, subject: Subject, where: Where) -> Iterable[Any]:
        told = subject.words
        if kind is Kind.VISIT:
            return visits(told, local, where)
        if kind is Kind.TALLIED:
            return tallies(told, local, where)
        if kind is Kind.SIGN_UP:
            return sign_ups(told, local)
        if kind is Kind.ATTENDANCE:
            return attendance(
                told, local, lambda cited: kin.first_key(self._database, local.unit, cited)
            )
        if kind is Kind.INCIDENT:
            return incidents(told, local, where)
        if kind is Kind.DAY_CLOSED:
            return days_closed(told, local)
        return reports(told, local) if kind is Kind.REPORT else journeys(told, local)

    def _zone(self, unit: str) -> ZoneInfo:
        if unit not in self._zones:
            query = "SELECT zone FROM projected_unit WHERE unit = ?"
            known = self._database.execute(query, (unit,)).fetchone()
            name = known[0] if known else self.basis.zone(unit)
            if known is None:
                self._database.execute(
                    "INSERT INTO projected_unit (unit, zone) VALUES (?, ?)", (unit, name)
                )
            self._zones[unit] = zone(name)
        return self._zones[unit]
