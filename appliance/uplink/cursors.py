"""What the uplink must remember over a power cut: tables beside its own journal.

Owners purge and rotate by the cursors, the vehicle and the screen read the documents: all of
them read-only. Decides nothing.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from sqlite_utils import Database, Migrations

from ..clock import stamp
from ..journal import Journal

migrations = Migrations("uplink")


@migrations(name="0001_first_tables")
def _first_tables(database: Database) -> None:
    for statement in (
        """CREATE TABLE cursor (
            epoch INTEGER PRIMARY KEY,
            journal TEXT NOT NULL,
            stored_to INTEGER NOT NULL,
            digest BLOB NOT NULL,
            fork_at INTEGER,
            updated INTEGER NOT NULL
        )""",
        """CREATE TABLE document (
            kind TEXT PRIMARY KEY,
            revision INTEGER NOT NULL,
            body BLOB NOT NULL,
            applied INTEGER NOT NULL
        )""",
        # The last refused document of each kind: its reason is told once, not at every birth.
        "CREATE TABLE refused (kind TEXT PRIMARY KEY, fingerprint BLOB NOT NULL)",
        """CREATE TABLE quarantine (
            epoch INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            journal TEXT NOT NULL,
            type TEXT NOT NULL,
            size INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (epoch, seq)
        )""",
    ):
        database.conn.execute(statement)


@migrations(name="0002_why_refused")
def _why_refused(database: Database) -> None:
    for statement in (
        "DROP TABLE refused",
        # Per kind what was refused since the last one that was applied.
        """CREATE TABLE refused (
            kind TEXT PRIMARY KEY,
            revision INTEGER NOT NULL,
            reason TEXT NOT NULL,
            authentic INTEGER NOT NULL
        )""",
    ):
        database.conn.execute(statement)


@migrations(name="0003_who_signed")
def _who_signed(database: Database) -> None:
    # `id_of` the key; empty: of a version that did not note it.
    database.conn.execute("ALTER TABLE document ADD COLUMN signer BLOB NOT NULL DEFAULT x''")


@migrations(name="0004_last_sent")
def _last_sent(database: Database) -> None:
    # One row: when a receipt last moved a cursor, for people who ask on board.
    database.conn.execute(
        "CREATE TABLE sent (only INTEGER PRIMARY KEY CHECK (only = 1), boot_id TEXT NOT NULL,"
        " boottime INTEGER NOT NULL, utc INTEGER)"
    )


@migrations(name="0005_told")
def _told(database: Database) -> None:
    # Ids of the news about updates that were told; those whose file is still there.
    database.conn.execute("CREATE TABLE told (id TEXT PRIMARY KEY)")


class Cursor(msgspec.Struct, frozen=True):
    """How far the federation has come with one epoch, by receipts alone."""

    epoch: int
    journal: str
    stored_to: int
    digest: bytes = b""
    """Of our row at `stored_to`: what proves later that the journal is still the same."""
    fork_at: int | None = None
    """From here on the ledger knows other rows: the journal's owner is to rotate."""


class Quarantined(msgspec.Struct, frozen=True):
    """A row that no batch can carry and went as a tombstone."""

    epoch: int
    seq: int
    journal: str
    type: str
    size: int
    reason: str


class Memory:
    """Every write is one durable commit, or raises JournalRefused and changed nothing."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self._database = journal.database
        migrations.apply(self._database)

    def cursors(self) -> dict[int, Cursor]:
        """All of them, by epoch."""
        rows = self._database.query("SELECT * FROM cursor")
        return {
            row["epoch"]: Cursor(
                row["epoch"], row["journal"], row["stored_to"], row["digest"], row["fork_at"]
            )
            for row in rows
        }

    def save(self, cursors: Iterable[Cursor]) -> None:
        """Replace these cursors, together, and note when."""
        now = stamp(self.journal.clock, self.journal.anchor)
        with self.journal.atomic():
            # Not sqlite-utils' upsert: after one refused write it loses rows without a word.
            self._database.conn.executemany(
                "INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?, ?, ?)",
                [(*msgspec.structs.astuple(cursor), now.boottime) for cursor in cursors],
            )
            self._database.conn.execute(
                "INSERT OR REPLACE INTO sent VALUES (1, ?, ?, ?)",
                (now.boot_id, now.boottime, now.utc),
            )

    def quarantine(self, rows: Iterable[Quarantined]) -> None:
        """List these rows; those listed already stay as they are."""
        with self.journal.atomic():
            self._database.conn.executemany(
                "INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?, ?, ?, ?)",
                [msgspec.structs.astuple(row) for row in rows],
            )

    def quarantined(self) -> dict[int, tuple[int, int]]:
        """Epoch → how many of its rows are listed, how many of those are lost."""
        rows = self._database.conn.execute(
            "SELECT epoch, count(*), sum(reason = 'lost') FROM quarantine GROUP BY epoch"
        )
        return {epoch: (count, lost) for epoch, count, lost in rows}


def uplink_file(data: Path) -> Path:
    """Where these tables are."""
    return data / "uplink.db"
