"""Where a journal ends, as its file has it. Reads, and numbers boots; writes no event."""

import sqlite3

import msgspec

from protocol.row import NO_DIGEST


class Tail(msgspec.Struct, frozen=True):
    """Where the journal ends: what the next row builds on."""

    epoch: int
    base: int
    id: int
    """Of the last row ever written."""
    digest: bytes


def register_boot(connection: sqlite3.Connection, boot_id: str) -> int:
    """The small number that stands for a boot in the rows."""
    connection.execute("INSERT OR IGNORE INTO boot (boot_id) VALUES (?)", (boot_id,))
    (number,) = connection.execute("SELECT id FROM boot WHERE boot_id = ?", (boot_id,)).fetchone()
    return int(number)


def read_tail(connection: sqlite3.Connection) -> Tail:
    """The end of the journal as the file has it."""
    epoch, base, purged_digest = connection.execute(
        "SELECT epoch, base, purged_digest FROM epoch ORDER BY number DESC LIMIT 1"
    ).fetchone()
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    head = max(last[0] if last else 0, base)
    row = connection.execute("SELECT digest FROM event WHERE id = ?", (head,)).fetchone()
    if head == base:
        return Tail(epoch, base, head, NO_DIGEST)
    return Tail(epoch, base, head, row[0] if row else purged_digest)
