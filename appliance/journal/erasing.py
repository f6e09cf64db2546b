"""When an envelope leaves the unit: a day after its row was first seen receipted. Opens none.

The day is one of time that surely passed (`retention.Tally`): no clock that jumps makes it
shorter. A unit that never knows the time keeps an envelope until it has been on for a day in
all, counted at hourly looks; one that is never on for an hour keeps it with its row.
"""

import sqlite3

from .. import retention
from ..clock import Stamp

_WAIT = 200
"""Milliseconds for readers to let go of the log."""


def turn(connection: sqlite3.Connection, now: Stamp) -> bool:
    """Hourly, in the caller's transaction: counts on, erases what is over; whether anything was."""
    tally = _look(connection, now)
    connection.execute("DELETE FROM tally")
    connection.execute("INSERT INTO tally VALUES (?, ?, ?, ?, ?)", tally)
    over = (tally.total - retention.SEALED,)
    return connection.execute("DELETE FROM sealed WHERE receipted <= ?", over).rowcount > 0


def note(connection: sqlite3.Connection, after: int, last: int, now: Stamp) -> None:
    """Rows with an id in (after, last] are receipted: what is not noted yet counts from now."""
    connection.execute(
        "UPDATE sealed SET receipted = ? WHERE id > ? AND id <= ? AND receipted IS NULL",
        (_look(connection, now).total, after, last),
    )


def clear_log(connection: sqlite3.Connection) -> bool:
    """Takes what was erased out of the log too, which keeps pages as they were before; whether.

    A reader that will not wait leaves it to the appends that follow, which write over it.
    """
    (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {_WAIT}")
    try:
        (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual}")
    return not busy


def _look(connection: sqlite3.Connection, now: Stamp) -> retention.Tally:
    """The tally as it is now."""
    found = connection.execute("SELECT * FROM tally").fetchone()
    (believed,) = connection.execute("SELECT max(utc) FROM believed").fetchone()
    utc = retention.certain(believed, now.utc)
    moment = retention.Moment(now.boot_id, now.boottime, utc)
    return retention.passed(retention.Tally(*found) if found else None, moment)
