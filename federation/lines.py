"""Writes the rows of a batch into the ledger's tables. Decides nothing (absorb.py does)."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence

from protocol.batch import Batch
from protocol.row import NO_DIGEST, Row, Tombstone
from protocol.unit import ClockSet

from .absorb import Arrival
from .dating import anchor
from .spans import Span, Spans

INSERT = """
INSERT INTO event (unit, epoch, seq, type, body, size, boot, boottime, utc, source, error, digest,
    origin_epoch, origin_seq, received)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_DATE = """
UPDATE boot SET boottime = ?1, utc = ?2, source = ?3, error = ?4, epoch = ?5, seq = ?6
WHERE id = ?7 AND (boottime IS NULL OR (boottime, epoch, seq) < (?1, ?5, ?6))
"""
_MARK_COPIES = """
UPDATE event SET copy_of = (
    SELECT min(older.id) FROM event AS older
    WHERE older.unit = event.unit
        AND (older.epoch = event.origin_epoch AND older.seq = event.origin_seq
            OR older.origin_epoch = event.origin_epoch AND older.origin_seq = event.origin_seq
                AND older.id < event.id)
        AND older.type = event.type AND older.body IS event.body
        AND older.boot IS event.boot AND older.boottime IS event.boottime)
WHERE unit = ? AND origin_epoch = ? AND origin_seq BETWEEN ? AND ? AND copy_of IS NULL
"""


def arrival(batch: Batch) -> Arrival:
    """A batch as far as deciding needs it."""
    previous = bytes.fromhex(batch.header.previous)
    lost = previous in (b"", NO_DIGEST)
    return Arrival(batch.header.first, batch.rows, None if lost else previous, batch.trusted)


def write(
    database: sqlite3.Connection,
    batch: Batch,
    take: Spans,
    known: Collection[int],
    received: int,
) -> None:
    """Writes the seqs of `take`; what is `known` among them is a tombstone and gives way."""
    unit, epoch, first = batch.header.unit, batch.header.epoch, batch.header.first
    for span in take:
        fresh = batch.rows[span.first - first : span.last - first + 1]
        if known:
            database.executemany(
                "DELETE FROM event WHERE unit = ? AND epoch = ? AND seq = ?",
                [(unit, epoch, row.seq) for row in fresh if row.seq in known],
            )
        boots = _boots(database, unit, fresh)
        database.executemany(INSERT, _values(unit, epoch, fresh, boots, received))
        _date(database, unit, epoch, fresh)
        for origin_epoch, origins in _origins(fresh).items():
            mark_copies(database, unit, origin_epoch, origins)


def mark_copies(database: sqlite3.Connection, unit: str, epoch: int, span: Span) -> None:
    """Marks the rows that repeat these under a later key, after a journal was rotated."""
    database.execute(_MARK_COPIES, (unit, epoch, *span))


def _values(
    unit: str,
    epoch: int,
    fresh: Sequence[Row | Tombstone],
    boots: dict[str, int],
    received: int,
) -> Iterator[tuple[object, ...]]:
    for line in fresh:
        if isinstance(line, Tombstone):
            seq, kind, size, digest = line
            yield (unit, epoch, seq, kind, None, size, *[None] * 5, digest, None, None, received)
            continue
        seq, kind, body, boot_id, boottime, utc, source, error, digest, origin = line
        old_epoch, old_seq = (origin.epoch, origin.seq) if origin else (None, None)
        boot = boots[boot_id]
        yield (
            unit, epoch, seq, kind, body, None, boot, boottime, utc, source, error, digest,
            old_epoch, old_seq, received,
        )  # fmt: skip


def _boots(
    database: sqlite3.Connection, unit: str, fresh: Sequence[Row | Tombstone]
) -> dict[str, int]:
    return {
        boot_id: boot(database, unit, boot_id)
        for boot_id in {line.boot_id for line in fresh if isinstance(line, Row)}
    }


def boot(database: sqlite3.Connection, unit: str, boot_id: str) -> int:
    """The id of a boot, made when it is new."""
    key = (unit, boot_id)
    row = database.execute("SELECT id FROM boot WHERE unit = ? AND boot_id = ?", key).fetchone()
    if row:
        return int(row[0])
    made = database.execute("INSERT INTO boot (unit, boot_id) VALUES (?, ?)", key)
    return int(made.lastrowid or 0)


def _date(
    database: sqlite3.Connection, unit: str, epoch: int, fresh: Sequence[Row | Tombstone]
) -> None:
    for line in fresh:
        if line.type == ClockSet.TYPE and isinstance(line, Row):
            said = anchor(line)
            if said is not None:
                database.execute(
                    _DATE,
                    (
                        said.boottime, said.utc, said.source, said.error, epoch, line.seq,
                        boot(database, unit, said.boot_id),
                    ),
                )  # fmt: skip


def _origins(fresh: Sequence[Row | Tombstone]) -> dict[int, Span]:
    """Origin epoch → the range of origin seqs among these rows."""
    spans: dict[int, Span] = {}
    for line in fresh:
        if isinstance(line, Row) and line.origin is not None:
            epoch, seq = line.origin.epoch, line.origin.seq
            held = spans.get(epoch, Span(seq, seq))
            spans[epoch] = Span(min(held.first, seq), max(held.last, seq))
    return spans
