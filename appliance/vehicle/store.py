"""The vehicle's own tables, in its journal's file: anchors, floors, memory, track. None is sent.

They are written in the same transactions as the events they belong to.
"""

from sqlite_utils import Database

from ..clock import Anchor
from ..journal import Journal

_TABLES = (
    # Read by every other process of the unit (appliance/clock.py).
    """CREATE TABLE IF NOT EXISTS anchor (
        boot_id TEXT PRIMARY KEY, boottime INTEGER NOT NULL, utc INTEGER NOT NULL,
        source TEXT NOT NULL, error INTEGER NOT NULL
    )""",
    """CREATE TABLE IF NOT EXISTS floor (boot_id TEXT PRIMARY KEY, utc INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS memory (name TEXT PRIMARY KEY, body BLOB NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS track (
        id INTEGER PRIMARY KEY AUTOINCREMENT, boot_id TEXT NOT NULL, boottime INTEGER NOT NULL,
        utc INTEGER, fixes BLOB NOT NULL
    )""",
)
BOOTS_KEPT = 100
"""Anchors kept: rows of older boots have been dated and sent, or never will be."""


class VehicleStore:
    """Wrap writes in `journal.atomic()`; each raises JournalRefused there."""

    def __init__(self, journal: Journal) -> None:
        self._database: Database = journal.database
        with journal.atomic():
            for statement in _TABLES:
                self._database.conn.execute(statement)

    def anchor(self, boot_id: str) -> Anchor | None:
        """How that boot is dated."""
        row = self._database.conn.execute(
            "SELECT boot_id, boottime, utc, source, error FROM anchor WHERE boot_id = ?", (boot_id,)
        ).fetchone()
        return Anchor(*row) if row else None

    def keep_anchor(self, anchor: Anchor) -> None:
        """Date that boot by it from now on."""
        execute = self._database.conn.execute
        execute(
            "INSERT OR REPLACE INTO anchor (boot_id, boottime, utc, source, error)"
            " VALUES (?, ?, ?, ?, ?)",
            (anchor.boot_id, anchor.boottime, anchor.utc, anchor.source, anchor.error),
        )
        execute(
            "DELETE FROM anchor WHERE rowid NOT IN"
            " (SELECT rowid FROM anchor ORDER BY rowid DESC LIMIT ?)",
            (BOOTS_KEPT,),
        )

    def floor(self, boot_id: str) -> int:
        """The latest UTC (ms) that boots other than this one saved; 0: none did."""
        (utc,) = self._database.conn.execute(
            "SELECT coalesce(max(utc), 0) FROM floor WHERE boot_id <> ?", (boot_id,)
        ).fetchone()
        return int(utc)

    def keep_floor(self, boot_id: str, utc: int) -> None:
        """Save how late it is in this boot; of the others only the latest stays."""
        execute = self._database.conn.execute
        execute("INSERT OR REPLACE INTO floor (boot_id, utc) VALUES (?, ?)", (boot_id, utc))
        execute(
            "DELETE FROM floor WHERE boot_id <> ?1 AND utc <"
            " (SELECT max(utc) FROM floor WHERE boot_id <> ?1)",
            (boot_id,),
        )

    def recall(self, name: str) -> bytes | None:
        """What was remembered under that name."""
        row = self._database.conn.execute(
            "SELECT body FROM memory WHERE name = ?", (name,)
        ).fetchone()
        return bytes(row[0]) if row else None

    def remember(self, name: str, body: bytes) -> None:
        """Replace what was remembered under that name."""
        self._database.conn.execute("INSERT OR REPLACE INTO memory VALUES (?, ?)", (name, body))

    def add_track(self, boot_id: str, boottime: int, utc: int | None, fixes: bytes) -> None:
        """One minute of fixes, dated if the boot is."""
        self._database.conn.execute(
            "INSERT INTO track (boot_id, boottime, utc, fixes) VALUES (?, ?, ?, ?)",
            (boot_id, boottime, utc, fixes),
        )

    def forget_track(self, before: int | None, minutes_kept: int) -> int:
        """Removes what is older than `before` (utc ms; None: not known), and in any case all but
        the last `minutes_kept` rows: an undated minute does not live longer than a dated one."""
        execute = self._database.conn.execute
        # Order by id, never by time: whatever lies before an old minute is as old.
        (dated,) = execute(
            "SELECT coalesce(max(id), 0) FROM track WHERE utc < ?", (before,)
        ).fetchone()
        (newest,) = execute("SELECT coalesce(max(id), 0) FROM track").fetchone()
        limit = max(dated, newest - minutes_kept)
        return execute("DELETE FROM track WHERE id <= ?", (limit,)).rowcount

    def date_track(self, anchor: Anchor) -> None:
        """The minutes of a boot whose time is now known, those before included."""
        self._database.conn.execute(
            "UPDATE track SET utc = boottime + ? WHERE boot_id = ?",
            (anchor.utc - anchor.boottime, anchor.boot_id),
        )
