"""When a journal's owner purges, erases and rotates. Reads the uplink's cursors, writes none."""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import schema

if TYPE_CHECKING:
    from .owner import Journal

EVERY = 3600.0
"""Seconds."""
FORK_EVERY = 60.0
"""Seconds: rows behind a fork wait for the rotation, though nothing of them is lost."""
SOON = 2.0
"""Seconds, while there is more to purge: between two bites others have their turn."""


class Cursor(NamedTuple):
    """How far the federation has receipted an epoch."""

    epoch: int
    stored_to: int
    fork_at: int | None


class Housekeeping:
    """Purges at start and hourly, in bites with others' turns between; looks for forks oftener."""

    def __init__(self, journal: Path) -> None:
        self._uplink = journal.with_name("uplink.db")
        self._next_turn = self._next_bite = self._next_fork = float("-inf")

    def step(self, journal: "Journal", now: float) -> None:
        """Does what it is time for. Raises JournalRefused."""
        if now >= self._next_fork:
            self._next_fork = now + FORK_EVERY
            self._rotate(journal)
        if now >= self._next_turn:
            self._next_turn = self._next_bite = now + EVERY
            journal.remember_time()
            self._bite(journal, now)
            cursors = read_cursors(self._uplink, journal.name)
            journal.clear_aside({cursor.epoch: cursor.stored_to for cursor in cursors})
        elif now >= self._next_bite:
            self._next_bite = self._next_turn
            self._bite(journal, now)

    def _rotate(self, journal: "Journal") -> None:
        for cursor in read_cursors(self._uplink, journal.name):
            if cursor.fork_at is not None and _forked(journal, cursor):
                journal.rotate(cursor.fork_at)

    def _bite(self, journal: "Journal", now: float) -> None:
        forgotten = 0
        for cursor in read_cursors(self._uplink, journal.name):
            forgotten += journal.purge(cursor.stored_to, epoch=cursor.epoch)
        if forgotten:
            self._next_bite = now + SOON


def _forked(journal: "Journal", cursor: Cursor) -> bool:
    """Whether the ledger's fork is in rows we have; an older epoch has been left already."""
    return (
        cursor.epoch == journal.epoch
        and cursor.fork_at is not None
        and 1 <= cursor.fork_at <= journal.head
    )


def read_cursors(uplink: Path, journal: str) -> list[Cursor]:
    """The cursors of a journal's epochs; none when the uplink has not written any yet."""
    if not uplink.exists():
        return []
    try:
        connection = schema.connect_reading(uplink)
    except sqlite3.DatabaseError:
        return []  # damaged: its owner is the one to say so
    try:
        rows = connection.execute(
            "SELECT epoch, stored_to, fork_at FROM cursor WHERE journal = ?", (journal,)
        ).fetchall()
    except sqlite3.DatabaseError:
        return []  # no such table yet
    finally:
        connection.close()
    return [Cursor(*row) for row in rows]
