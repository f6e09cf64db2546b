"""SQLite behind the door of database.py: a file for the ledger, one for the web. Knows no event."""

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Literal

from . import schema
from .errors import OperatorError

BUSY_SECONDS = 5.0


class SqliteDatabase:
    """One connection to one file."""

    kind: Literal["sqlite"] = "sqlite"

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        begin: str = "BEGIN IMMEDIATE",
        held: IO[bytes] | None = None,
    ) -> None:
        """`held`: the lock, which goes with it."""
        self.path, self.connection = path, connection
        self._begin, self._held = begin, held
        # Straight through: this is the hot path of ingest.
        self.execute, self.executemany = connection.execute, connection.executemany

    @property
    def where(self) -> str:
        """The file."""
        return str(self.path)

    def stream(self, sql: str, values: Any = (), /) -> Iterator[Any]:
        """SQLite gives row by row anyway."""
        return self.execute(sql, values)

    def append(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """By one prepared statement."""
        places = ", ".join("?" * len(columns))
        self.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",  # noqa: S608
            rows,
        )

    def columns(self, table: str) -> frozenset[str]:
        """Names of its columns; none: there is no such table."""
        found = self.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return frozenset(name for (name,) in found)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is on disk afterwards, or nothing. Raises OperatorError."""
        with told(self.path):
            self.execute(self._begin)
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.execute("ROLLBACK")
                raise

    def announce(self) -> None:
        """Whoever watches sees the file change."""

    def leave_no_trace(self) -> None:
        """Older pages in the write-ahead log still hold what was erased."""
        with told(self.path):
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Lets the next writer in."""
        self.connection.close()
        if self._held is not None:
            self._held.close()


def open_ledger(path: Path) -> SqliteDatabase:
    """Opens or creates it. Raises OperatorError: a second writer, not a ledger, the disk."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        held = _lock(path)
    except OSError as error:
        raise _refused(path, error) from error
    try:
        return SqliteDatabase(_open_for_writing(path), path, held=held)
    except BaseException:
        held.close()
        raise


@contextmanager
def reading_ledger(path: Path) -> Iterator[SqliteDatabase]:
    """A connection that cannot write. Raises OperatorError when there is no ledger yet."""
    if not path.exists():
        raise OperatorError(f"{path} does not exist: start escale-federation ingest first.")
    with told(path), closing(connect_reading(path)) as connection:
        connection.execute("PRAGMA query_only=ON")
        _check(connection, path)
        yield SqliteDatabase(connection, path, begin="BEGIN")


@contextmanager
def reading_web(path: Path) -> Iterator[SqliteDatabase]:
    """A connection that cannot write; one without tables while there is no file."""
    try:
        exists = path.exists()
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be read ({error.strerror}): check who owns its folder."
        ) from error
    with told(path), closing(connect_reading(path) if exists else _nothing()) as connection:
        yield SqliteDatabase(connection, path, begin="BEGIN")


@contextmanager
def writing_web(path: Path, tables: str) -> Iterator[SqliteDatabase]:
    """One transaction, on a file with these tables. Raises OperatorError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(path, error) from error
    _make_ours(path)
    with told(path), closing(_connect_web(path)) as connection:
        connection.executescript(tables)
        database = SqliteDatabase(connection, path)
        with database.transaction():
            yield database


@contextmanager
def rewriting(path: Path) -> Iterator[SqliteDatabase]:
    """A copy to change in one transaction, made anew afterwards. Raises OperatorError.

    No byte of what was overwritten is left in a page that is free now.
    """
    with told(path), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA secure_delete=ON")
        database = SqliteDatabase(connection, path)
        with database.transaction():
            yield database
        connection.execute("VACUUM")


def connect_reading(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there, nothing of it looked at. Raises sqlite3.Error."""
    address = f"{path.resolve().as_uri()}?mode=ro"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)


class Watch:
    """Asks the two files whether anybody committed."""

    def __init__(self, *paths: Path) -> None:
        self._open: dict[Path, tuple[int, sqlite3.Connection] | None] = dict.fromkeys(paths)

    def token(self) -> object:
        """A number per file, which a commit of any other connection moves. Raises OperatorError."""
        return tuple(self._version(path) for path in self._open)

    def close(self) -> None:
        """Stops."""
        for path, held in self._open.items():
            if held is not None:
                held[1].close()
            self._open[path] = None

    def _version(self, path: Path) -> tuple[int, int]:
        with told(path):
            try:
                number = path.stat().st_ino
            except OSError:
                return 0, 0
            held = self._open[path]
            if held is None or held[0] != number:  # it is new, or another was put in its place
                if held is not None:
                    self._open[path] = None  # the next one may not open: this one is closed
                    held[1].close()
                address = f"{path.resolve().as_uri()}?mode=ro"
                fresh = sqlite3.connect(address, uri=True, check_same_thread=False)
                held = self._open[path] = (number, fresh)
            (version,) = held[1].execute("PRAGMA data_version").fetchone()
        return number, int(version)


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


def _lock(path: Path) -> IO[bytes]:
    """Holds the right to write the ledger until it is closed. Raises OperatorError, OSError."""
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


def _open_for_writing(path: Path) -> sqlite3.Connection:
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


def _connect_web(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
    connection.execute("PRAGMA secure_delete=ON")  # what is erased must not be read from the file
    return connection


def _nothing() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def _make_ours(path: Path) -> None:
    """A new file is for us and our group, whatever the umask of whoever types the command."""
    with suppress(OSError):  # what cannot be made is told by whoever opens it
        path.touch(mode=0o640, exist_ok=True)


def _refused(path: Path, error: OSError) -> OperatorError:
    return OperatorError(
        f"{path} cannot be written ({error.strerror}): give [store] data another folder."
    )


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    """Makes the tables that are missing, each version in one transaction."""
    empty = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    held = 0 if empty else _version(database, path)
    for version, step in enumerate(schema.STEPS[held:], held + 1):
        database.executescript(
            f"BEGIN IMMEDIATE; {step}; PRAGMA application_id={schema.APPLICATION_ID};"
            f" PRAGMA user_version={version}; COMMIT;"
        )
    _check(database, path)


def _check(database: sqlite3.Connection, path: Path) -> None:
    version = _version(database, path)
    if version < schema.VERSION:
        raise OperatorError(
            f"{path} is of version {version}, this software reads {schema.VERSION}: start"
            " escale-federation ingest, which brings it up to date."
        )
    if version > schema.VERSION:
        raise OperatorError(
            f"{path} is of version {version}, this software reads {schema.VERSION}: install the"
            " other one."
        )


def _version(database: sqlite3.Connection, path: Path) -> int:
    (mark,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if mark != schema.APPLICATION_ID:
        raise OperatorError(f"{path} is not a ledger: give [store] data another folder.")
    return int(version)
