"""Opens the ledger (one locked writer, any number of readers) and `web.sqlite`. Knows no event."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from .errors import OperatorError
from .schema import APPLICATION_ID, STEPS, VERSION

BUSY_SECONDS = 5.0


def lock(path: Path) -> IO[bytes]:
    """Holds the right to write the ledger until it is closed. Raises OperatorError."""
    held = path.with_suffix(".lock").open("ab")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise OperatorError(
            f"{path} is written by another ingest already: SQLite takes one worker; stop that one, "
            "or give this one its own [store] data."
        ) from None
    return held


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The only connection that writes. Raises OperatorError when the file is not a ledger."""
    with told(path), ExitStack() as undo:
        _make_ours(path)
        database = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
        undo.callback(database.close)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("PRAGMA secure_delete=ON")  # what is erased must not be read from the file
        database.execute("PRAGMA mmap_size=0")
        database.execute("PRAGMA cache_size=-32000")
        _prepare(database, path)
        undo.pop_all()
    return database


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises OperatorError when there is no ledger yet."""
    if not path.exists():
        raise OperatorError(f"{path} does not exist: start escale-federation ingest first.")
    with told(path), ExitStack() as undo:
        database = connect_reading(path)
        undo.callback(database.close)
        database.execute("PRAGMA query_only=ON")
        _check(database, path)
        undo.pop_all()
    return database


def connect_reading(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there, nothing of it looked at. Raises sqlite3.Error."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


@contextmanager
def writing_web(path: Path, tables: str) -> Iterator[sqlite3.Connection]:
    """One transaction on `web.sqlite`, which has these tables then. Raises OperatorError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be written ({error.strerror}): give [store] data another folder."
        ) from error
    _make_ours(path)
    with told(path), closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as database, database:
        database.executescript(tables)
        database.execute("BEGIN IMMEDIATE")
        yield database


def _make_ours(path: Path) -> None:
    """A new file is for us and our group, whatever the umask of whoever types the command."""
    with suppress(OSError):  # what cannot be made is told by whoever opens it
        path.touch(mode=0o640, exist_ok=True)


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of it is on disk afterwards, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what the disk refuses into one sentence; mistakes of ours stay mistakes."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OperatorError(
            f"{path}: {error}. Nothing was half-written and the units keep what is not receipted; "
            "make room or mend the disk, then start again."
        ) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise OperatorError(f"{path}: {error}. Put a good copy in its place.") from error


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    """Makes the tables that are missing, each version in one transaction."""
    empty = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    held = 0 if empty else _version(database, path)
    for version, step in enumerate(STEPS[held:], held + 1):
        database.executescript(
            f"BEGIN IMMEDIATE; {step}; PRAGMA application_id={APPLICATION_ID};"
            f" PRAGMA user_version={version}; COMMIT;"
        )
    _check(database, path)


def _check(database: sqlite3.Connection, path: Path) -> None:
    version = _version(database, path)
    if version < VERSION:
        raise OperatorError(
            f"{path} is of version {version}, this software reads {VERSION}: start"
            " escale-federation ingest, which brings it up to date."
        )
    if version > VERSION:
        raise OperatorError(
            f"{path} is of version {version}, this software reads {VERSION}: install the other one."
        )


def _version(database: sqlite3.Connection, path: Path) -> int:
    (mark,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if mark != APPLICATION_ID:
        raise OperatorError(f"{path} is not a ledger: give [store] data another folder.")
    return int(version)
