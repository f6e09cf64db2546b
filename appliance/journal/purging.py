"""Forgetting receipted rows in small bites. What is due, `appliance.retention` decides.

The oldest rows are removed; a due row behind one still needed only loses its body, so that
seqs stay dense and the chain can be followed. An envelope goes with its row at the latest;
mostly it has gone before (`erasing.py`).
"""

import sqlite3

from .. import retention
from ..clock import Stamp
from . import erasing

BITE = 5000
"""Rows judged in one transaction: the owner is away for some tens of milliseconds."""
SPARE_PAGES = 1024
"""Free pages kept in the file for what is appended next."""

_ROWS = "SELECT event.id, type, boot_id, boottime, utc FROM event JOIN boot ON boot.id = event.boot"


def purge(connection: sqlite3.Connection, epoch: int, watermark: int, now: Stamp) -> int:
    """Forgets due rows of the epoch up to the watermark, in the caller's transaction."""
    found = connection.execute(
        "SELECT base, purged_to FROM epoch WHERE epoch = ?", (epoch,)
    ).fetchone()
    if found is None:
        return 0
    base, purged_to = found
    last = base + min(watermark, _length(connection, epoch, base))
    erasing.note(connection, base + purged_to, last, now)
    rows = _bite(connection, base + purged_to, last)
    moment = retention.Moment(now.boot_id, now.boottime, _believed(connection, now.utc))
    later = _dated_after(connection, rows[-1].id if rows else last)
    over = retention.due(rows + later, moment, _needed(connection))
    end = rows[-1].id if len(rows) == BITE else last
    keep_from = next((row.id for row in rows if row.id not in over), end + 1)
    _remove(connection, epoch, base, keep_from - 1)
    husks = [(row.id,) for row in rows if row.id > keep_from and row.id in over]
    connection.executemany("UPDATE event SET body = NULL WHERE id = ?", husks)
    connection.executemany("DELETE FROM sealed WHERE id = ?", husks)
    return len(husks) + sum(row.id < keep_from for row in rows)


def remember(connection: sqlite3.Connection, utc: int | None) -> None:
    """Moves the believed time on, one turn's worth; never back."""
    believed = _believed(connection, utc)
    (last,) = connection.execute("SELECT max(utc) FROM believed").fetchone()
    if believed is not None and (last is None or believed > last):
        connection.execute("DELETE FROM believed")
        connection.execute("INSERT INTO believed VALUES (?)", (believed,))


def give_back(connection: sqlite3.Connection) -> None:
    """Returns some free pages to the disk: few at a time, for each of them is moved."""
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    if free > SPARE_PAGES:
        pages = min(free - SPARE_PAGES, 500)
        # Not execute(): that takes one step of the statement, which frees one page.
        connection.executescript(f"PRAGMA incremental_vacuum({pages})")


def _length(connection: sqlite3.Connection, epoch: int, base: int) -> int:
    """Seq of the last row of an epoch."""
    (end,) = connection.execute(
        "SELECT coalesce("
        " (SELECT base FROM epoch WHERE number > (SELECT number FROM epoch WHERE epoch = ?)"
        "  ORDER BY number LIMIT 1),"
        " (SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0)",
        (epoch,),
    ).fetchone()
    return int(end) - base


def _bite(connection: sqlite3.Connection, after: int, last: int) -> list[retention.Aged]:
    """The oldest rows that still have a body."""
    rows = connection.execute(
        f"{_ROWS} WHERE event.id > ? AND event.id <= ? AND body IS NOT NULL"
        " ORDER BY event.id LIMIT ?",
        (after, last, BITE),
    )
    return [retention.Aged(*row) for row in rows]


def _dated_after(connection: sqlite3.Connection, after: int) -> list[retention.Aged]:
    """The next row with a date: whatever lies before it is at least as old."""
    rows = connection.execute(
        f"{_ROWS} WHERE event.id > ? AND utc IS NOT NULL ORDER BY event.id LIMIT 1", (after,)
    )
    return [retention.Aged(*row) for row in rows]


def _believed(connection: sqlite3.Connection, utc: int | None) -> int | None:
    """The time to purge by."""
    (last,) = connection.execute("SELECT max(utc) FROM believed").fetchone()
    return retention.believe(last, utc)


def _needed(connection: sqlite3.Connection) -> set[int]:
    """Ids of the latest word on duty and of the last day closing."""
    found = connection.execute(
        "SELECT max(id) FROM event WHERE type = 'day.closed' UNION ALL SELECT max(id) FROM event"
        " WHERE type = 'duty.started' OR type = 'duty.paused' OR type = 'duty.resumed'"
        " OR type = 'duty.ended'"
    )
    return {row[0] for row in found}


def _remove(connection: sqlite3.Connection, epoch: int, base: int, to: int) -> None:
    """Removes rows up to an id; the digest of the last one stays, as the base of the chain."""
    last = connection.execute("SELECT digest FROM event WHERE id = ?", (to,)).fetchone()
    if last is None:
        return
    connection.execute(
        "UPDATE epoch SET purged_to = ?, purged_digest = ? WHERE epoch = ?",
        (to - base, last[0], epoch),
    )
    connection.execute("DELETE FROM event WHERE id > ? AND id <= ?", (base, to))
    connection.execute("DELETE FROM sealed WHERE id > ? AND id <= ?", (base, to))
