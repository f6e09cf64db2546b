"""Going on under a new epoch after a fork. Moves no row and loses none.

A restored or cloned card writes other rows under keys the ledger already holds. From the first
such row on, the rows get keys of a new epoch and remember the old one as their origin; their
envelopes are bound to that one and stay as they are.
"""

import secrets
import sqlite3

from protocol.event import Key
from protocol.row import NO_DIGEST, chain

from ..errors import OperatorError
from .tail import Tail

EPOCH_BITS = 48
"""Enough that no unit ever draws one twice, few enough for every JSON reader."""


def begin_epoch(connection: sqlite3.Connection, journal: str, base: int) -> int:
    """Draws a new epoch whose seq 1 is id `base + 1`; the live one from now on."""
    epoch = secrets.randbits(EPOCH_BITS) or 1
    connection.execute(
        "INSERT INTO epoch (epoch, journal, base, purged_digest) VALUES (?, ?, ?, ?)",
        (epoch, journal, base, NO_DIGEST),
    )
    return epoch


def rotate(connection: sqlite3.Connection, tail: Tail, fork_at: int, journal: str) -> Tail:
    """Re-keys the rows from `fork_at` on, inside the caller's transaction; the new end."""
    head = tail.id - tail.base
    if not 1 <= fork_at <= head + 1:
        raise OperatorError(
            f"cannot rotate the {journal} journal at row {fork_at}: it has {head} rows."
        )
    (purged_to,) = connection.execute(
        "SELECT purged_to FROM epoch WHERE epoch = ?", (tail.epoch,)
    ).fetchone()
    base = tail.base + max(fork_at - 1, purged_to)
    epoch = begin_epoch(connection, journal, base)
    # Under their new keys they wait for a receipt of their own.
    connection.execute("UPDATE sealed SET receipted = NULL WHERE id > ?", (base,))
    digest = _rechain(connection, Key(tail.epoch, tail.base), Key(epoch, base))
    return Tail(epoch, base, tail.id, digest)


def _rechain(connection: sqlite3.Connection, old: Key, new: Key) -> bytes:
    """`old` and `new`: epoch and base. The digest of the last row under the new epoch."""
    boots: dict[int, str] = dict(connection.execute("SELECT id, boot_id FROM boot"))
    digest, last = NO_DIGEST, new.seq
    while rows := connection.execute(_BITE, (last,)).fetchall():
        changed = []
        for last, type_name, body, boot, boottime in rows:
            seq = last - new.seq
            digest = chain(digest, new.epoch, seq, type_name, body or b"", boots[boot], boottime)
            changed.append((digest, old.epoch, last - old.seq, last))
        connection.executemany(_CHANGE, changed)
    return digest


_BITE = "SELECT id, type, body, boot, boottime FROM event WHERE id > ? ORDER BY id LIMIT 5000"
_CHANGE = (
    # The first key a row ever had is its origin: references in bodies name that one.
    "UPDATE event SET digest = ?, origin_epoch = coalesce(origin_epoch, ?),"
    " origin_seq = coalesce(origin_seq, ?) WHERE id = ?"
)
