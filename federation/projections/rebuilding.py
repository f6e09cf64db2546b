"""Makes the tables for reading again from the ledger: in place, or as they once were."""

import sqlite3
from pathlib import Path
from typing import Final

from protocol.row import NO_DIGEST, Row
from protocol.unit import ClockSet

from .. import lines
from ..database import Database
from ..schema import STEPS
from ..sqlite import SqliteDatabase
from .basis import Basis
from .projector import Projector
from .tables import TABLES

FOREVER: Final = float("inf")
_EVENT: Final = (
    "id", "unit", "epoch", "seq", "type", "body", "size", "boot", "boottime", "utc", "source",
    "error", "digest", "origin_epoch", "origin_seq", "copy_of", "received",
)  # fmt: skip
_COPY_OF: Final = _EVENT.index("copy_of")
_NAMES = """
SELECT event, CASE WHEN envelope IS NULL THEN 0 ELSE 1 END, erased FROM sealed WHERE event <= ?
"""
_CLOCKS = "SELECT unit, epoch, seq, body FROM event WHERE type = ? AND body IS NOT NULL ORDER BY id"


def rebuild(database: Database, basis: Basis) -> int:
    """Empties them and makes them again in one transaction; the last event that is in them.

    Whoever reads meanwhile sees them as they were. `database`: with the right to write it all.
    """
    with database.transaction():
        for table in TABLES:
            database.execute(f"DELETE FROM {table}")  # noqa: S608
        reached = _follow(database, basis)
    database.announce()
    return reached


def build_until(ledger: Database, position: int, basis: Basis) -> Database:
    """The tables as they were when the ledger's last event had that id: `--as-of`.

    A temporary database that goes when it is closed. Zones and places are today's; what was
    forgotten since stays so. Erased names are no names here either, and no name is copied.
    """
    connection = sqlite3.connect("", isolation_level=None)
    for step in STEPS:
        connection.executescript(step)
    connection.execute("PRAGMA journal_mode=OFF")
    copy = SqliteDatabase(connection, Path("(as it was)"))
    with copy.transaction():
        _copy_events(ledger, copy, position)
        _date_again(copy)
        _follow(copy, basis)
    return copy


def _follow(database: Database, basis: Basis) -> int:
    projector = Projector(database, lambda: basis)
    projector.look()
    while not projector.turn(FOREVER):
        pass
    return projector.position


def _copy_events(ledger: Database, copy: Database, position: int) -> None:
    with ledger.transaction():
        boots = ledger.execute("SELECT id, unit, boot_id FROM boot").fetchall()
        copy.append("boot", ("id", "unit", "boot_id"), boots)
        query = f"SELECT {', '.join(_EVENT)} FROM event WHERE id <= ?"  # noqa: S608
        copy.append(
            "event", _EVENT, (_then(row, position) for row in ledger.stream(query, (position,)))
        )
        sealed = ledger.execute(_NAMES, (position,)).fetchall()
        copy.append(
            "sealed",
            ("event", "envelope", "erased"),
            [(event, b"\1" if is_there else None, erased) for event, is_there, erased in sealed],
        )


def _then(row: tuple[object, ...], position: int) -> tuple[object, ...]:
    """It was no copy before the older one arrived."""
    older = row[_COPY_OF]
    if isinstance(older, int) and older > position:
        return (*row[:_COPY_OF], None, *row[_COPY_OF + 1 :])
    return row


def _date_again(copy: Database) -> None:
    for unit, epoch, seq, body in copy.execute(_CLOCKS, (ClockSet.TYPE,)).fetchall():
        row = Row(seq, ClockSet.TYPE, bytes(body), "", 0, None, "none", 0, NO_DIGEST, None)
        lines.date(copy, unit, epoch, row)
