"""Looks at new events of the ledger and notes which subjects they are about. Makes none."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from protocol import topics
from protocol.event import Event, Key
from protocol.events import TYPES, decode_body
from protocol.unit import ClockSet
from protocol.workshops import SignedUp

from ..database import Database
from .kinds import SHELF, WHOLE, About, Kind, abouts

_FRESH = """
SELECT id, unit, epoch, seq, type, body, boot, origin_epoch, origin_seq FROM event
WHERE id > ? ORDER BY id LIMIT ?
"""
_COPIED_FROM = """
SELECT id, unit, epoch, seq, type, body, boot, origin_epoch, origin_seq FROM event
WHERE unit = ? AND origin_epoch = ? AND origin_seq = ?
"""
_NOTE = """
INSERT INTO about (unit, kind, owner, epoch, seq, event, boot) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_DIRTY = """
INSERT INTO dirty (partition, unit, kind, owner, epoch, seq) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_UNREADABLE = """
INSERT INTO unreadable (unit, epoch, seq, type) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_DATED_BY = "SELECT id FROM boot WHERE unit = ? AND boot_id = ? AND epoch = ? AND seq = ?"
_OF_BOOT = """
INSERT INTO dirty (partition, unit, kind, owner, epoch, seq)
SELECT DISTINCT CAST(? AS INTEGER), unit, kind, owner, epoch, seq FROM about WHERE boot = ?
ON CONFLICT DO NOTHING
"""
_OF_UNIT = """
INSERT INTO dirty (partition, unit, kind, owner, epoch, seq)
SELECT DISTINCT CAST(? AS INTEGER), unit, kind, owner, epoch, seq FROM about
WHERE unit = ? AND kind < 99
ON CONFLICT DO NOTHING
"""
_MOVED = "SELECT 1 FROM event WHERE unit = ? AND origin_epoch IS NOT NULL LIMIT 1"
_UNREAD: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Row(NamedTuple):
    """An event as the ledger has it."""

    id: int
    unit: str
    epoch: int
    seq: int
    type: str
    body: bytes | None
    boot: int | None
    origin_epoch: int | None
    origin_seq: int | None


def read(type_: str, body: bytes | None) -> Event | None:
    """The event; None: of a type not known here, a tombstone, or not readable as its type."""
    if body is None or type_ not in TYPES:
        return None
    try:
        event = decode_body(type_, body)
    except _UNREAD:
        return None
    return event if isinstance(event, Event) else None


def note(database: Database, after: int, most: int, partitions: frozenset[int]) -> int:
    """Notes the events behind that one; the id of the last looked at. In a transaction."""
    found = [Row._make(row) for row in database.execute(_FRESH, (after, most)).fetchall()]
    ours = [row for row in found if topics.partition(row.unit) in partitions]
    if ours:
        _note(database, [*ours, *_relatives(database, ours)])
    return found[-1].id if found else after


def is_moved(database: Database, unit: str) -> bool:
    """Whether the unit ever had to rotate a journal: then facts may have several keys."""
    return database.execute(_MOVED, (unit,)).fetchone() is not None


def mark(database: Database, unit: str, subjects: Iterable[About]) -> None:
    """These are to be made again."""
    partition = topics.partition(unit)
    lines = [(partition, unit, int(one.kind), one.owner, *_pair(one.key)) for one in subjects]
    if lines:
        database.executemany(_DIRTY, lines)


def mark_stops(database: Database, unit: str) -> None:
    """Something else is known of a unit's stops, or less."""
    mark(database, unit, [About(Kind.STOPS, "", key) for key in (WHOLE, SHELF)])


def mark_all(database: Database, unit: str) -> None:
    """Everything of a unit is to be made again."""
    database.execute(_OF_UNIT, (topics.partition(unit), unit))


def _note(database: Database, rows: Sequence[Row]) -> None:
    noted, dirty, unread = list[Any](), dict[Any, None](), list[Any]()
    clocks: list[tuple[Row, ClockSet]] = []
    for row in rows:
        event = read(row.type, row.body)
        if event is None:
            if row.body is not None and row.type in TYPES:
                unread.append((row.unit, row.epoch, row.seq, row.type))
            continue
        if isinstance(event, ClockSet):
            clocks.append((row, event))
        for one in abouts(row.unit, Key(row.epoch, row.seq), event):
            subject = (row.unit, int(one.kind), one.owner, *_pair(one.key))
            is_subject = one.kind is not Kind.AT_STOP
            noted.append((*subject, row.id, row.boot if is_subject else None))
            if is_subject:
                dirty[topics.partition(row.unit), *subject] = None
        if isinstance(event, SignedUp) and row.origin_epoch is not None:
            dirty.update(dict.fromkeys(_who_cites(row)))
    for statement, lines in ((_NOTE, noted), (_DIRTY, list(dirty)), (_UNREADABLE, unread)):
        if lines:
            database.executemany(statement, lines)
    _date(database, clocks)


def _who_cites(row: Row) -> Iterator[tuple[object, ...]]:
    """Lines of attendance tell the key of a sign-up: it may be another one now."""
    for epoch, seq in ((row.epoch, row.seq), (row.origin_epoch, row.origin_seq)):
        yield topics.partition(row.unit), row.unit, int(Kind.ATTENDANCE), row.unit, epoch, seq


def _date(database: Database, clocks: Iterable[tuple[Row, ClockSet]]) -> None:
    """What a clock says dates every event of its boot, those before it too."""
    for row, said in clocks:
        found = database.execute(_DATED_BY, (row.unit, said.boot_id, row.epoch, row.seq)).fetchone()
        if found is not None:
            database.execute(_OF_BOOT, (topics.partition(row.unit), found[0]))


def _relatives(database: Database, rows: Sequence[Row]) -> Iterator[Row]:
    """Rows that may have become copies by these: of units that rotated a journal alone."""
    moved = {unit for unit in {row.unit for row in rows} if is_moved(database, unit)}
    for row in rows:
        if row.unit in moved:
            keys = {(row.epoch, row.seq), (row.origin_epoch, row.origin_seq)} - {(None, None)}
            for key in keys:
                for found in database.execute(_COPIED_FROM, (row.unit, *key)).fetchall():
                    yield Row._make(found)


def _pair(key: Key) -> tuple[int, int]:
    return key.epoch, key.seq
