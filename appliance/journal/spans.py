"""The epochs of a journal file. A value, and how it is read."""

import sqlite3
from typing import NamedTuple


class Span(NamedTuple):
    """One epoch of a file: rows `purged_to + 1` to `head` are there, row `n` has id `base + n`."""

    epoch: int
    journal: str
    base: int
    purged_to: int
    purged_digest: bytes
    head: int


def read(connection: sqlite3.Connection) -> list[Span]:
    """All of them, in the order they were begun: the last one is live."""
    found = connection.execute(
        "SELECT epoch, journal, base, purged_to, purged_digest FROM epoch ORDER BY number"
    ).fetchall()
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    head = last[0] if last else 0
    ends = [*(row[2] for row in found[1:]), max(head, found[-1][2]) if found else head]
    return [Span(*(*row, end - row[2])) for row, end in zip(found, ends, strict=False)]
