"""From rows found in bare bytes to a journal that can be read again. Decides by the chain alone."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, pairwise
from operator import itemgetter

from protocol import sealing
from protocol.row import NO_DIGEST, Row, Tombstone

from . import envelopes, sound
from .carve import Columns
from .stored import Told
from .witness import Witness

Judged = tuple[Columns, Told]

_LEAP = 1000
"""A row this far beyond the one before it, and not borne out by the next, has a damaged id."""
DAMAGED = 0
"""Stands for the boot of a row whose body was damaged and whose digest was not."""


def gather(connection: sqlite3.Connection, rows: Iterable[Columns]) -> None:
    """Keeps everything found in a temporary table: it may be more than memory holds."""
    connection.execute("CREATE TEMP TABLE found AS SELECT * FROM event")
    connection.execute("CREATE UNIQUE INDEX temp.same ON found (id, type, body, digest)")
    connection.executemany(
        "INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
    )


def gather_envelopes(connection: sqlite3.Connection, found: Iterable[bytes]) -> None:
    """Keeps everything that may be an envelope, by its digest."""
    connection.execute("CREATE TEMP TABLE loose (digest TEXT PRIMARY KEY, envelope BLOB)")
    connection.executemany(
        "INSERT OR IGNORE INTO loose VALUES (?, ?)",
        ((sealing.digest(envelope), envelope) for envelope in found),
    )


def count(connection: sqlite3.Connection, keys: Witness) -> int:
    """How many rows can be believed if these are their keys."""
    return sum(isinstance(told, Row) for _, told in _judged(connection, keys))


def fill(connection: sqlite3.Connection, keys: Witness, reason: str) -> None:
    """Writes what can be believed into the tables, in the caller's transaction."""
    connection.executemany(
        "INSERT INTO epoch (epoch, journal, base, purged_to, purged_digest) VALUES (?, ?, ?, ?, ?)",
        keys.epochs,
    )
    connection.executemany("INSERT INTO boot VALUES (?, ?)", keys.boots.items())
    connection.executemany(
        "INSERT INTO set_aside (epoch, reason) VALUES (?, ?)",
        [(epoch[0], reason) for epoch in keys.epochs],
    )
    for columns, told in _judged(connection, keys):
        if told.digest != NO_DIGEST:
            connection.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _kept(columns, told)
            )
        if isinstance(told, Row) and (digest := envelopes.told_of(told.body)):
            connection.execute(
                "INSERT INTO sealed (id, envelope) SELECT ?, envelope FROM loose WHERE digest = ?",
                (columns[0], digest),
            )
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'event'")
    connection.execute(
        "INSERT INTO sqlite_sequence SELECT 'event', max(?, coalesce(max(id), 0)) FROM event",
        (keys.head,),
    )


def _kept(columns: Columns, told: Told) -> Columns:
    """A row as it goes into the table again."""
    if isinstance(told, Row):
        return (*columns[:8], told.digest, *columns[9:])
    boot = columns[3] if columns[2] is None else DAMAGED
    return (columns[0], told.type, None, boot, 0, None, 0, 0, told.digest, None, None)


def _judged(connection: sqlite3.Connection, keys: Witness) -> Iterator[Judged]:
    """Every row found that has a place in an epoch, in order, as the chain makes it out."""
    ends = [epoch[2] for epoch in keys.epochs[1:]] + [1 << 62]
    for (epoch, _, base, purged_to, purged_digest), end in zip(keys.epochs, ends, strict=True):
        found = connection.execute(
            # The husk of a row comes first: a body that was forgotten stays forgotten.
            "SELECT * FROM found WHERE id > ? AND id <= ? ORDER BY id, body IS NOT NULL",
            (base + purged_to, end),
        )
        first = Tombstone(purged_to, "", 0, purged_digest if purged_to else NO_DIGEST)
        yield from _followed(_chosen(found, keys, epoch, base, first.digest), epoch, first)


def _chosen(
    found: Iterable[Columns], keys: Witness, epoch: int, base: int, previous: bytes
) -> Iterator[Judged]:
    """One row for each id: the first that follows from the one before it."""
    for _, group in groupby(found, key=itemgetter(0)):
        options = [(columns, _told(columns, keys, base)) for columns in group]
        best = next((one for one in options if _follows(one[1], epoch, previous)), options[0])
        previous = best[1].digest
        yield best


def _followed(rows: Iterator[Judged], epoch: int, before: Told) -> Iterator[Judged]:
    """Each row judged by the one before it and the one after it, where those are not lost."""
    previous: bytes | None = before.digest
    for (columns, row), (_, after) in pairwise(chain(rows, [((), before)])):
        gap = row.seq - before.seq - 1
        following = after if after.seq == row.seq + 1 else None
        if gap > _LEAP and not _borne_out(row, epoch, following):
            continue
        (told,) = sound.believed([row], epoch, None if gap else previous, following)
        yield columns, told
        previous = None if told.digest == NO_DIGEST else told.digest
        before = row


def _borne_out(row: Told, epoch: int, following: Told | None) -> bool:
    return (
        isinstance(following, Row) and sound.link(row.digest, epoch, following) == following.digest
    )


def _follows(row: Told, epoch: int, previous: bytes) -> bool:
    return isinstance(row, Row) and sound.link(previous, epoch, row) == row.digest


def _told(columns: Columns, keys: Witness, base: int) -> Told:
    number, type_name, body, boot, boottime, utc = columns[:6]
    if body is None:
        return Tombstone(number - base, type_name, 0, columns[8])
    name = keys.boots.get(boot, "")
    return Row(number - base, type_name, body, name, boottime, utc, "none", 0, columns[8])
