"""What readers ask of the ledger: rows, epochs. Never writes."""

from collections.abc import Iterator
from typing import NamedTuple

from protocol.event import Key

from .database import Database


class Entry(NamedTuple):
    """One event of the ledger, its time corrected."""

    unit: str
    epoch: int
    seq: int
    type: str
    body: bytes | None
    """None: a tombstone."""
    size: int | None
    boot_id: str | None
    boottime: int | None
    utc: int | None
    source: str | None
    error: int | None
    digest: bytes
    origin: Key | None
    copy_of: Key | None
    """The same fact under the key it had first: counted there."""
    received: int


_ENTRIES = """
SELECT dated.unit, dated.epoch, dated.seq, dated.type, dated.body, dated.size, dated.boot_id,
    dated.boottime, dated.utc, dated.source, dated.error, dated.digest, dated.origin_epoch,
    dated.origin_seq, older.epoch, older.seq, dated.received
FROM dated LEFT JOIN event AS older ON older.id = dated.copy_of
{where} ORDER BY dated.unit, dated.epoch, dated.seq
"""
_LAST = """
SELECT max(coalesce(dated.utc, dated.received)) FROM epoch JOIN dated
    ON dated.unit = epoch.unit AND dated.epoch = epoch.epoch AND dated.seq = (
        SELECT max(seq) FROM event WHERE unit = epoch.unit AND epoch = epoch.epoch)
WHERE epoch.unit = ?
"""
_ARRIVED = """
SELECT max(event.received) FROM epoch JOIN event
    ON event.unit = epoch.unit AND event.epoch = epoch.epoch AND event.seq = (
        SELECT max(seq) FROM event WHERE unit = epoch.unit AND epoch = epoch.epoch)
WHERE epoch.unit = ?
"""


def entries(database: Database, unit: str | None = None) -> Iterator[Entry]:
    """Every event, by unit, epoch and seq."""
    query = _ENTRIES.format(where="" if unit is None else "WHERE dated.unit = ?")
    for row in database.stream(query, () if unit is None else (unit,)):
        origin, older = _key(row[12], row[13]), _key(row[14], row[15])
        yield Entry._make((*row[:12], origin, older, row[16]))


def last_event(database: Database, unit: str) -> int | None:
    """When the newest event of a unit happened, in milliseconds since 1970."""
    moment: int | None = database.execute(_LAST, (unit,)).fetchone()[0]
    return moment


def last_arrival(database: Database, unit: str) -> int | None:
    """When the last row of one of a unit's journals was received, in milliseconds since 1970."""
    moment: int | None = database.execute(_ARRIVED, (unit,)).fetchone()[0]
    return moment


def _key(epoch: int | None, seq: int | None) -> Key | None:
    return None if epoch is None or seq is None else Key(epoch, seq)
