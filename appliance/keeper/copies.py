"""Copies of the rows the federation has not receipted yet, two at the most, each verified.

A copy is made in slices, so that no step of the keeper lasts; a row leaves every copy once it is
receipted, and its envelope with it. Never writes a journal.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from protocol.event import Key
from protocol.row import NO_DIGEST, Row, Tombstone

from ..errors import OperatorError
from ..journal import JournalReader, envelopes, sound
from ..journal.housekeeping import read_cursors
from ..journal.reader import journals

KEPT = 2
SLICE = 2000
"""Rows copied or verified in one step."""

_TABLES = """
CREATE TABLE span (epoch INTEGER PRIMARY KEY, journal TEXT NOT NULL, previous BLOB NOT NULL);
CREATE TABLE row (
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, body BLOB,
    boot_id TEXT NOT NULL, boottime INTEGER NOT NULL, utc INTEGER, source TEXT NOT NULL,
    error INTEGER NOT NULL, digest BLOB NOT NULL, origin_epoch INTEGER, origin_seq INTEGER,
    envelope BLOB, PRIMARY KEY (epoch, seq)
) WITHOUT ROWID;
"""
_MARKS = ", ".join("?" * 13)


def existing(data: Path) -> list[Path]:
    """The copies there are, the newest first."""
    found = (data / "backup").glob("pending-*.db")
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def make(data: Path) -> Iterator[None]:
    """Makes and verifies a copy, a slice per turn, then lets it take the oldest one's place.

    Raises OperatorError when the copy is not the same as the journals, sqlite3.Error or OSError
    when the disk takes nothing; the copies there were stay.
    """
    folder = data / "backup"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "making.db"
    discard(fresh)
    try:
        yield from _fill(data, fresh)
        yield from verify(fresh)
        fresh.replace(_place(data))
    finally:
        discard(fresh)


def verify(copy: Path) -> Iterator[None]:
    """Opens the copy and follows its chains, a slice per turn. Raises OperatorError."""
    database = sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)
    try:
        (state,) = database.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise OperatorError(f"the copy {copy} is damaged ({state}): it was not kept.")
        spans = database.execute("SELECT epoch, previous FROM span").fetchall()
        for epoch, previous in spans:
            before: bytes | None = previous or None
            found = database.execute("SELECT * FROM row WHERE epoch = ? ORDER BY seq", (epoch,))
            while rows := [_told(columns) for columns in found.fetchmany(SLICE)]:
                if not sound.is_whole(rows, epoch, before) or not envelopes.are_right(rows):
                    raise OperatorError(
                        f"rows {rows[0].seq} to {rows[-1].seq} of epoch {epoch} are not the same "
                        f"in the copy {copy}: it was not kept; look at the card."
                    )
                before = rows[-1].digest if rows[-1].digest != NO_DIGEST else None
                yield
    except sqlite3.DatabaseError as error:
        raise OperatorError(
            f"the copy {copy} cannot be read ({error}): it was not kept."
        ) from error
    finally:
        database.close()


def forget_receipted(data: Path) -> None:
    """Takes out of every copy what the federation has receipted meanwhile; an empty copy goes."""
    receipted = _receipted(data)
    for copy in existing(data):
        if not _thin_out(copy, receipted):
            discard(copy)


def discard(copy: Path) -> None:
    """Removes a copy and what SQLite may have left beside it."""
    for path in (copy, copy.with_name(f"{copy.name}-journal")):
        path.unlink(missing_ok=True)


def _fill(data: Path, target: Path) -> Iterator[None]:
    database = sqlite3.connect(target)
    try:
        database.executescript(_TABLES)
        for source in journals(data):
            for epoch, after in _pending(source):
                yield from _fill_epoch(database, source, epoch, after)
        database.commit()
    finally:
        database.close()


def _fill_epoch(
    database: sqlite3.Connection, source: Path, epoch: int, after: int
) -> Iterator[None]:
    first = True
    while True:
        with JournalReader.open(source) as reader:
            if epoch not in reader.epochs:
                return
            after = max(after, reader.span(epoch).purged_to)
            rows = reader.rows(after, epoch=epoch, limit_rows=SLICE)
            if first:
                previous = reader.digest(after, epoch=epoch) or b""
                database.execute(
                    "INSERT INTO span VALUES (?, ?, ?)", (epoch, reader.name, previous)
                )
                first = False
        if not rows:
            return
        database.executemany(
            f"INSERT INTO row VALUES ({_MARKS})",  # noqa: S608
            [_columns(epoch, row) for row in rows],
        )
        database.commit()
        after = rows[-1].seq
        yield


def _pending(source: Path) -> list[tuple[int, int]]:
    """Epochs of a journal with rows not receipted, and the last seq that is."""
    try:
        with JournalReader.open(source) as reader:
            spans, name = reader.spans, reader.name
    except OperatorError:
        return []  # the integrity check tells of it; the other journals are copied all the same
    stored = {c.epoch: c.stored_to for c in read_cursors(_uplink(source), name)}
    return [(s.epoch, stored.get(s.epoch, 0)) for s in spans if stored.get(s.epoch, 0) < s.head]


def _uplink(source: Path) -> Path:
    folder = source.parent.parent if source.parent.name == "aside" else source.parent
    return folder / "uplink.db"


def _receipted(data: Path) -> dict[int, int]:
    names = ("screen", "vehicle", "uplink", "cli")
    cursors = (cursor for name in names for cursor in read_cursors(data / "uplink.db", name))
    return {cursor.epoch: cursor.stored_to for cursor in cursors}


def _columns(epoch: int, row: Row | Tombstone) -> tuple[object, ...]:
    if isinstance(row, Tombstone):
        return (epoch, row.seq, row.type, None, "", 0, None, "none", 0, row.digest, *[None] * 3)
    origin = (row.origin.epoch, row.origin.seq) if row.origin else (None, None)
    return (epoch, *row[:-2], *origin, row.envelope)


def _told(columns: tuple[Any, ...]) -> Row | Tombstone:
    """The row that `_columns` put there."""
    _, seq, type_name, body, *middle, digest, origin_epoch, origin_seq, envelope = columns
    if body is None:
        return Tombstone(seq, type_name, 0, digest)
    origin = None if origin_epoch is None else Key(origin_epoch, origin_seq)
    return Row._make((seq, type_name, body, *middle, digest, origin, envelope))


def _thin_out(copy: Path, receipted: dict[int, int]) -> bool:
    """Whether anything is left in the copy."""
    database = sqlite3.connect(copy)
    try:
        database.execute("PRAGMA secure_delete = ON")
        with database:
            for upto in receipted.items():
                database.execute(
                    "UPDATE span SET previous = coalesce((SELECT digest FROM row"
                    " WHERE epoch = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT 1), previous)"
                    " WHERE epoch = ?1",
                    upto,
                )
                database.execute("DELETE FROM row WHERE epoch = ? AND seq <= ?", upto)
        return database.execute("SELECT 1 FROM row LIMIT 1").fetchone() is not None
    except sqlite3.DatabaseError:
        return False  # a copy that cannot be read is none
    finally:
        database.close()


def _place(data: Path) -> Path:
    """Where the next copy goes: a free place, or the oldest copy's."""
    taken = existing(data)
    names = [data / "backup" / f"pending-{number}.db" for number in range(1, KEPT + 1)]
    free = [path for path in names if path not in taken]
    return free[0] if free else taken[-1]
