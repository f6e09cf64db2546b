"""Makes dirty subjects again and writes what differs. Decides nothing that a row says."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from protocol.event import Key
from protocol.stop_fold import Stop
from protocol.topics import partition

from .. import fleet
from ..database import Database
from . import kin, noting, rows
from .basis import NONE
from .counting import Counts
from .duties import duties
from .kin import Subject
from .kinds import AT, FIRST, WHOLE, About, Kind
from .singles import days_closed, incidents, journeys, reports
from .stops import StopRow, changed, stops, touched
from .visits import tallies, visits
from .words import Local, Placed, Word, zone
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
_NAMED = """
SELECT epoch, seq, commune, territory_class, zoning_year FROM stop
WHERE unit = ? AND epoch = ? AND seq = ?
"""
_ALIAS = "SELECT of_epoch, of_seq FROM stop_name WHERE unit = ? AND epoch = ? AND seq = ?"
_THEN = """
SELECT epoch, seq, commune, territory_class, zoning_year, departed, open FROM stop
WHERE unit = ? AND arrived <= ? ORDER BY arrived DESC, epoch DESC, seq DESC LIMIT 1
"""
_NAMES = "SELECT epoch, seq, of_epoch, of_seq FROM stop_name WHERE unit = ?"
_CITING = """
SELECT event.epoch, event.seq, event.type FROM about JOIN event ON event.id = about.event
WHERE about.unit = ? AND about.kind = ? AND about.owner = ? AND {those}
"""
_BETWEEN = """
SELECT DISTINCT epoch, seq FROM {table}
WHERE unit = ? AND day BETWEEN ? AND ? AND utc BETWEEN ? AND ?
"""


class Maker:
    """Makes subjects again, in the caller's transaction."""

    def __init__(self, database: Database, partitions: Iterable[int]) -> None:
        mine = ", ".join(str(int(number)) for number in sorted(partitions))
        self._next = _NEXT.format(mine=mine)
        self._database, self._counts = database, Counts()
        self.basis = NONE

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
            self._stops(local)
        elif kind is Kind.DUTY:
            table = rows.OF[kind]
            told = self._all_words(unit, kind)
            old = rows.all_of(self._database, table, unit)
            rows.replace(self._database, table, old, duties(told, local))
        else:
            self._subjects(local, kind, wanted)

    def _subjects(self, local: Local, kind: Kind, wanted: Sequence[About]) -> None:
        table, new, keys = rows.OF[kind], list[Any](), set[Key]()
        for subject in kin.subjects(self._database, local.unit, kind, wanted):
            keys |= subject.keys
            new += self._made(local, kind, subject)
        old = rows.some_of(self._database, table, local.unit, keys)
        rows.replace(self._database, table, old, new)
        if kind in (Kind.VISIT, Kind.TALLIED):
            for row in set(old) - set(new):
                self._counts.add(row, -1)
            for row in set(new) - set(old):
                self._counts.add(row)

    def _made(self, local: Local, kind: Kind, subject: Subject) -> Iterable[Any]:
        told = subject.words

        def where(cited: Key | None, moment: int | None) -> Placed:
            return self._placed(local.unit, cited, moment)

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

    def _stops(self, local: Local) -> None:
        unit, table = local.unit, rows.OF[Kind.STOPS]
        old: list[StopRow] = rows.all_of(self._database, table, unit)
        new, names = stops(self._all_words(unit, Kind.STOPS), local, self._locate)
        before = {
            Key(epoch, seq): Key(*of)
            for epoch, seq, *of in self._database.execute(_NAMES, (unit,)).fetchall()
        }
        rows.replace(self._database, table, old, new)
        self._rename(unit, before, names)
        keys = changed(old, new)
        keys |= {key for key in {*before, *names} if before.get(key) != names.get(key)}
        keys |= {key for named in (before, names) for key, name in named.items() if name in keys}
        noting.mark(self._database, unit, self._citing(unit, keys))
        for first, last in touched(old, new):
            noting.mark(self._database, unit, self._between(local, first, last))

    def _rename(self, unit: str, before: dict[Key, Key], names: Any) -> None:
        if before == names:
            return
        self._database.execute("DELETE FROM stop_name WHERE unit = ?", (unit,))
        self._database.executemany(
            "INSERT INTO stop_name (unit, epoch, seq, of_epoch, of_seq) VALUES (?, ?, ?, ?, ?)",
            [(unit, key.epoch, key.seq, of.epoch, of.seq) for key, of in names.items()],
        )

    def _citing(self, unit: str, keys: Iterable[Key]) -> Iterable[About]:
        """What cites one of these stops."""
        ordered = sorted(keys)
        for begin in range(0, len(ordered), rows.MANY):
            part = ordered[begin : begin + rows.MANY]
            query = _CITING.format(those=rows.among(part, "about."))
            values = (unit, int(Kind.AT_STOP), unit, *rows.flat(part))
            for epoch, seq, type_ in self._database.execute(query, values).fetchall():
                yield About(FIRST[type_], unit, Key(epoch, seq))

    def _between(self, local: Local, first: int, last: int) -> Iterable[About]:
        """What happened from then to then."""
        days = local.day(first), local.day(last) if last < 2**62 else "9999-99-99"
        for kind in AT:
            query = _BETWEEN.format(table=rows.OF[kind].name)
            values = (local.unit, *days, first, last)
            for epoch, seq in self._database.execute(query, values).fetchall():
                yield About(kind, local.unit, Key(epoch, seq))

    def _placed(self, unit: str, cited: Key | None, moment: int | None) -> Placed:
        found = self._named(unit, cited) if cited is not None else None
        if found is None and moment is not None:
            line = self._database.execute(_THEN, (unit, moment)).fetchone()
            if line is not None and (line[6] or (line[5] is not None and line[5] >= moment)):
                found = Placed(*line[:5])
        return found or Placed()

    def _named(self, unit: str, cited: Key) -> Placed | None:
        """A stop by its id, which few have besides another key."""
        key: Any = (cited.epoch, cited.seq)
        line = self._database.execute(_NAMED, (unit, *key)).fetchone()
        if line is None:
            key = self._database.execute(_ALIAS, (unit, *key)).fetchone()
            line = key and self._database.execute(_NAMED, (unit, *key)).fetchone()
        return None if line is None else Placed(*line)

    def _all_words(self, unit: str, kind: Kind) -> list[Word]:
        return [word for _, word in kin.words(self._database, unit, kind, "", [WHOLE])]

    def _locate(self, stop: Stop) -> tuple[str, str | None]:
        return fleet.located(stop, self.basis.places, self.basis.within)

    def _zone(self, unit: str) -> Any:
        known = self._database.execute(
            "SELECT zone FROM projected_unit WHERE unit = ?", (unit,)
        ).fetchone()
        if known is not None:
            return zone(known[0])
        name = self.basis.zone(unit)
        self._database.execute(
            "INSERT INTO projected_unit (unit, zone) VALUES (?, ?)", (unit, name)
        )
        return zone(name)
