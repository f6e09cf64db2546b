"""The tables of a journal file and how they came to be. Holds no row and decides nothing.

A row's seq is `id - base` of the epoch it lies in, so that beginning a new epoch moves no row.
"""

import errno
import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x45534341
"""The letters ESCA."""
VERSION = 2
"""Kept in `user_version`; a file one version newer or older is still read."""
PAGE_SIZE = 1024
"""A card writes whole pages: small ones cost a third less than SQLite's usual 4096."""
LANDMARKS = ("day.closed", "duty.started", "duty.paused", "duty.resumed", "duty.ended")
"""Types whose latest row is asked for; they have an index of their own, so never edit this."""

_BIRTH = (
    f"PRAGMA page_size = {PAGE_SIZE}",
    "PRAGMA auto_vacuum = INCREMENTAL",
    f"PRAGMA application_id = {APPLICATION_ID}",
)
_EACH_TIME = (
    "PRAGMA synchronous = FULL",
    # The log is recycled in place at this many frames: no file grows, no metadata is synced.
    "PRAGMA wal_autocheckpoint = 400",
    # After a large transaction it is cut back to that many bytes.
    "PRAGMA journal_size_limit = 1048576",
    "PRAGMA mmap_size = 0",
    "PRAGMA foreign_keys = ON",
    # A purged row must be gone from the card too.
    "PRAGMA secure_delete = ON",
    "PRAGMA busy_timeout = 5000",
)

migrations = Migrations("journal")


@migrations(name="0001_first_tables")
def _first_tables(database: Database) -> None:
    for statement in (
        # AUTOINCREMENT: an id is never given twice, not even after the last row was purged.
        """CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            type TEXT NOT NULL,
            body BLOB,
            boot INTEGER NOT NULL,
            boottime INTEGER NOT NULL,
            utc INTEGER,
            source INTEGER NOT NULL,
            error INTEGER NOT NULL,
            digest BLOB NOT NULL,
            origin_epoch INTEGER,
            origin_seq INTEGER
        )""",
        # Costs an ordinary append nothing, and finds the last landmark among a million rows.
        "CREATE INDEX landmark ON event (type) WHERE "
        + " OR ".join(f"type = '{name}'" for name in LANDMARKS),
        "CREATE TABLE boot (id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE)",
        """CREATE TABLE epoch (
            number INTEGER PRIMARY KEY,
            epoch INTEGER NOT NULL UNIQUE,
            journal TEXT NOT NULL,
            base INTEGER NOT NULL,
            purged_to INTEGER NOT NULL DEFAULT 0,
            purged_digest BLOB NOT NULL
        )""",
        # One row: the latest time that purging believed in (appliance/retention.py).
        "CREATE TABLE believed (utc INTEGER NOT NULL)",
        # In a live journal: what was put aside and told. In one put aside: why it was.
        "CREATE TABLE set_aside (epoch INTEGER PRIMARY KEY, reason TEXT NOT NULL)",
    ):
        database.conn.execute(statement)


@migrations(name="0002_sealed")
def _sealed(database: Database) -> None:
    for statement in (
        # Beside its row, of the same id: what is erased here leaves body and chain as they are.
        # `receipted`: the total below when the owner first saw the row receipted.
        """CREATE TABLE sealed (
            id INTEGER PRIMARY KEY,
            envelope BLOB NOT NULL,
            receipted INTEGER
        )""",
        # One row: a Tally (appliance/retention.py).
        """CREATE TABLE tally (
            total INTEGER NOT NULL,
            boot_id TEXT NOT NULL,
            boottime INTEGER NOT NULL,
            utc INTEGER,
            dated INTEGER NOT NULL
        )""",
        # As in `sealed`, once every row of the epoch is.
        "ALTER TABLE set_aside ADD COLUMN receipted INTEGER",
    ):
        database.conn.execute(statement)


def create(path: Path) -> Database:
    """A new file with these tables, and no log: to be filled, synced, and put in its place.

    Syncs nothing itself. Raises sqlite3.Error.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in (*_BIRTH, "PRAGMA synchronous = OFF", f"PRAGMA user_version = {VERSION}"):
            connection.execute(statement)
        database = Database(connection, execute_plugins=False)
        migrations.apply(database)
    except BaseException:
        connection.close()
        raise
    return database


def connect(path: Path) -> Database:
    """The writing connection, settings made and migrations applied.

    Raises OSError, sqlite3.Error.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        begin_log(connection)
        for statement in _EACH_TIME:
            connection.execute(statement)
        database = Database(connection, execute_plugins=False)
        migrations.apply(database)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < VERSION:
            connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.close()
        raise
    return database


def begin_log(connection: sqlite3.Connection) -> None:
    """Write-ahead logging, which a file keeps once it has it. Raises OSError, sqlite3.Error."""
    if connection.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        # It says so, and no more: the reason is the disk's.
        raise OSError(errno.EIO, "SQLite cannot begin its log")


def connect_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write: not to the tables, not to the log, never a checkpoint.

    The log's index beside the file may be made by it: that is why the folder is the group's.
    Raises sqlite3.Error.
    """
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None
    )
    # A damaged letter in a name is no reason to read nothing.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        for setting in ("busy_timeout = 5000", "query_only = ON", "mmap_size = 0"):
            connection.execute(f"PRAGMA {setting}").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except UnicodeDecodeError as error:
        # SQLite's words cite the damaged schema, and Python cannot spell them.
        connection.close()
        damaged = sqlite3.DatabaseError("malformed database schema")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged from error
    except BaseException:
        connection.close()
        raise
    return connection
