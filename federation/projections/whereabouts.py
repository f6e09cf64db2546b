"""Makes the stops of a unit again, and finds the one where something happened."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from protocol.event import Key

from .. import fleet
from ..database import Database
from . import kin, noting, rows, shelving
from .basis import Basis
from .kinds import AT, FIRST, WHOLE, About, Kind
from .stops import FOREVER, StopRow, changed, stops, touched
from .words import Local, Placed, Word, by_time

_TABLE: Final = rows.OF[Kind.STOPS]
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
_NAME = "INSERT INTO stop_name (unit, epoch, seq, of_epoch, of_seq) VALUES (?, ?, ?, ?, ?)"
_UNNAME = "DELETE FROM stop_name WHERE unit = ? AND epoch = ? AND seq = ?"
_CITING = """
SELECT event.epoch, event.seq, event.type FROM about JOIN event ON event.id = about.event
WHERE about.unit = ? AND about.kind = ? AND about.owner = ? AND {those}
"""
_BETWEEN = """
SELECT DISTINCT epoch, seq FROM {table}
WHERE unit = ? AND day BETWEEN ? AND ? AND utc BETWEEN ? AND ?
"""
_SHELVED = "unit = :unit AND kind = 0 AND owner = '' AND epoch = 0 AND seq"
_AGAIN = f"""
DELETE FROM about WHERE {_SHELVED} = 1
    AND event IN (SELECT event FROM about WHERE {_SHELVED} = 0)
"""  # noqa: S608
_TAKE_DOWN = f"UPDATE about SET seq = 0 WHERE {_SHELVED} = 1"  # noqa: S608
_SHELVE = f"UPDATE about SET seq = 1 WHERE {_SHELVED} = 0 AND event = :event"  # noqa: S608
_IS_SHELVED = """
SELECT 1 FROM about JOIN event ON event.id = about.event
WHERE about.unit = :unit AND kind = 0 AND owner = '' AND about.epoch = 0 AND about.seq = 1
    AND event.unit = :unit AND event.epoch = :epoch AND event.seq = :seq
"""


class Whereabouts:
    """The stops of units, in the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, local: Local, wanted: Iterable[About], basis: Basis) -> None:
        """Makes a unit's stops again; what happened there is to be made again too."""
        unit = local.unit
        told, is_whole = self._at_hand(unit, {one.key for one in wanted})
        keys = shelving.mentioned(told)
        old: list[StopRow] = (
            rows.all_of(self._database, _TABLE, unit)
            if is_whole
            else rows.some_of(self._database, _TABLE, unit, keys)
        )
        new, names = stops(
            told, local, lambda stop: fleet.located(stop, basis.places, basis.within)
        )
        before = {key: name for key, name in self._names(unit).items() if is_whole or key in keys}
        rows.replace(self._database, _TABLE, old, new)
        self._rename(unit, before, names)
        self._spread(local, old, new, before, names)
        self._shelve(unit, told)

    def then(self, unit: str, moment: int | None) -> Placed:
        """The stop that holds that moment; none is a place too."""
        if moment is not None:
            line = self._database.execute(_THEN, (unit, moment)).fetchone()
            if line is not None and (line[6] or (line[5] is not None and line[5] >= moment)):
                return Placed(*line[:5])
        return Placed()

    def _at_hand(self, unit: str, wanted: set[Key]) -> tuple[list[Word], bool]:
        """The words to fold, in order of time, and whether they are all there are."""
        cut = self._cut(unit)
        told = self._words(unit)
        if cut is None:
            return told, True
        if (
            wanted != {WHOLE}
            or noting.is_moved(self._database, unit)
            or self._reaches_back(unit, told, cut)
        ):
            self._take_down(unit)
            return self._words(unit), True
        return told, False

    def _reaches_back(self, unit: str, told: Sequence[Word], cut: int) -> bool:
        if told and told[0].at <= cut:
            return True
        unknown = shelving.mentioned(told) - {word.key for word in told}
        return any(
            self._database.execute(
                _IS_SHELVED, {"unit": unit, "epoch": key.epoch, "seq": key.seq}
            ).fetchone()
            for key in unknown
        )

    def _shelve(self, unit: str, told: Sequence[Word]) -> None:
        if len(told) <= shelving.MOST or noting.is_moved(self._database, unit):
            return
        count = shelving.shelf(told, shelving.KEPT)
        if count:
            self._database.executemany(
                _SHELVE, [{"unit": unit, "event": word.id} for word in told[:count]]
            )
            self._database.execute("DELETE FROM shelf WHERE unit = ?", (unit,))
            self._database.execute(
                "INSERT INTO shelf (unit, cut) VALUES (?, ?)", (unit, told[count - 1].at)
            )

    def _take_down(self, unit: str) -> None:
        for statement in (_AGAIN, _TAKE_DOWN):
            self._database.execute(statement, {"unit": unit})
        self._database.execute("DELETE FROM shelf WHERE unit = ?", (unit,))

    def _cut(self, unit: str) -> int | None:
        line = self._database.execute("SELECT cut FROM shelf WHERE unit = ?", (unit,)).fetchone()
        return None if line is None else int(line[0])

    def _words(self, unit: str) -> list[Word]:
        found = kin.words(self._database, unit, Kind.STOPS, "", [WHOLE])
        return by_time(word for _, word in found)

    def _names(self, unit: str) -> dict[Key, Key]:
        found = self._database.execute(_NAMES, (unit,)).fetchall()
        return {Key(epoch, seq): Key(*of) for epoch, seq, *of in found}

    def _rename(self, unit: str, before: Mapping[Key, Key], names: Mapping[Key, Key]) -> None:
        gone, fresh = before.items() - names.items(), names.items() - before.items()
        if gone:
            self._database.executemany(_UNNAME, [(unit, key.epoch, key.seq) for key, _ in gone])
        if fresh:
            lines = [(unit, key.epoch, key.seq, of.epoch, of.seq) for key, of in fresh]
            self._database.executemany(_NAME, lines)

    def _spread(
        self,
        local: Local,
        old: Sequence[StopRow],
        new: Sequence[StopRow],
        before: Mapping[Key, Key],
        names: Mapping[Key, Key],
    ) -> None:
        """Marks what happened at stops that have changed."""
        keys = changed(old, new)
        keys |= {key for key in {*before, *names} if before.get(key) != names.get(key)}
        keys |= {key for named in (before, names) for key, name in named.items() if name in keys}
        noting.mark(self._database, local.unit, self._citing(local.unit, keys))
        for first, last in touched(old, new):
            noting.mark(self._database, local.unit, self._between(local, first, last))

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
        days = local.day(first), local.day(last) if last < FOREVER else "9999-99-99"
        for kind in AT:
            query = _BETWEEN.format(table=rows.OF[kind].name)
            values = (local.unit, *days, first, last)
            for epoch, seq in self._database.execute(query, values).fetchall():
                yield About(kind, local.unit, Key(epoch, seq))

    def named(self, unit: str, cited: Key) -> Placed | None:
        """A stop by its id, which few have besides another key."""
        key: Any = (cited.epoch, cited.seq)
        line = self._database.execute(_NAMED, (unit, *key)).fetchone()
        if line is None:
            key = self._database.execute(_ALIAS, (unit, *key)).fetchone()
            line = key and self._database.execute(_NAMED, (unit, *key)).fetchone()
        return None if line is None else Placed(*line)
