"""PostgreSQL behind the door of database.py: one database, schemas `ledger` and `web`.

Every partition has one writer: a lock of its session, which goes when that session does. Knows no
event.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg

from . import dialect, schema
from .errors import OperatorError
from .postgres_session import CHANNEL, PostgresDatabase, connect, told

_MAKING, _WEB = 100, 101
"""Locks besides those of the partitions: of whoever makes tables, of whoever writes the web's."""
_IDLE: Final = 8
"""Sessions of a kind that are kept for the next page."""
_TRY: Final = "SELECT pg_try_advisory_lock(CAST(? AS INT), CAST(? AS INT))"
_WAIT: Final = "SELECT pg_advisory_xact_lock(CAST(? AS INT), CAST(? AS INT))"
_FINDS: Final = """
CREATE FUNCTION instr(bytea, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT position(convert_to($2, 'UTF8') IN $1) $$
"""
"""What SQLite has and PostgreSQL has not: where a text begins in bytes."""


def open_ledger(address: str, partitions: Iterable[int], patience: float) -> PostgresDatabase:
    """The right to write of these partitions, in a ledger that is up to date.

    Raises OperatorError: another worker has one of them, the server, the version.
    """
    database = PostgresDatabase(address, "ledger", reads=False)
    try:
        _prepare(database)
        for number in sorted(set(partitions)):
            _claim(database, number, time.monotonic() + patience)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def reading_ledger(address: str) -> Iterator[PostgresDatabase]:
    """A session that cannot write. Raises OperatorError when there is no ledger yet."""
    with _kept.lent(address, "ledger", reads=True) as database:
        _check(database, _version(database))
        yield database


@contextmanager
def reading_web(address: str) -> Iterator[PostgresDatabase]:
    """A session that cannot write; before anybody wrote it sees no table."""
    with _kept.lent(address, "web", reads=True) as database:
        yield database


@contextmanager
def writing_web(address: str, tables: str) -> Iterator[PostgresDatabase]:
    """One transaction, one writer at a time. Raises OperatorError."""
    with _kept.lent(address, "web", reads=False) as database, database.transaction():
        database.execute(_WAIT, (schema.APPLICATION_ID, _WEB))
        if (address, tables) not in _made:
            _make_schema(database, "web")
            _define(database, tables)
        yield database
        database.announce()  # heard when this is committed
    _made.add((address, tables))


class Watch:
    """Listens to what writers announce."""

    def __init__(self, address: str) -> None:
        self._address, self._heard = address, 0
        self._connection: psycopg.Connection[Any] | None = None

    def token(self) -> object:
        """How often something was committed since it listens. Raises OperatorError."""
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._address)
            self._connection.add_notify_handler(self._hear)
            self._connection.execute(f"LISTEN {CHANNEL}")
            self._heard += 1  # whatever was announced before
        with told(self._connection):
            self._connection.execute("SELECT 1")  # with the answer comes what was announced
        return self._heard

    def close(self) -> None:
        """Stops."""
        if self._connection is not None:
            self._connection.close()

    def _hear(self, _told: psycopg.Notify) -> None:
        self._heard += 1


class _Kept:
    """Sessions that wait for the next who wants one: a page must not open its own."""

    def __init__(self) -> None:
        self._idle = defaultdict[tuple[str, str, bool], list[PostgresDatabase]](list)
        self._lock = threading.Lock()

    @contextmanager
    def lent(self, address: str, where: str, *, reads: bool) -> Iterator[PostgresDatabase]:
        """A session nobody else has meanwhile, one that answers. `where`: the schema."""
        key = (address, where, reads)
        database = self._taken(key) or PostgresDatabase(address, where, reads=reads)
        try:
            yield database
        finally:
            self._given_back(key, database)

    def close(self, address: str) -> None:
        """Ends those of one database."""
        with self._lock:
            for key in [key for key in self._idle if key[0] == address]:
                for database in self._idle.pop(key):
                    database.close()

    def _taken(self, key: tuple[str, str, bool]) -> PostgresDatabase | None:
        while True:
            with self._lock:
                if not self._idle[key]:
                    return None
                database = self._idle[key].pop()
            try:
                database.execute("SELECT 1")
            except OperatorError:  # the server was started again since
                database.close()
            else:
                return database

    def _given_back(self, key: tuple[str, str, bool], database: PostgresDatabase) -> None:
        status = database.connection.info.transaction_status
        with self._lock:
            if status == psycopg.pq.TransactionStatus.IDLE and len(self._idle[key]) < _IDLE:
                self._idle[key].append(database)
                return
        database.close()


_kept: Final = _Kept()
_made: Final = set[tuple[str, str]]()
"""Web tables that are there: each writer need not ask again."""


def forget(address: str) -> None:
    """Ends every session that waits, and forgets what is known of that database."""
    _kept.close(address)
    for known in [known for known in _made if known[0] == address]:
        _made.discard(known)


def _claim(database: PostgresDatabase, number: int, limit: float) -> None:
    while not database.execute(_TRY, (schema.APPLICATION_ID, number)).fetchone()[0]:  # type: ignore[index]
        if time.monotonic() > limit:
            raise OperatorError(
                f"partition {number} of the ledger is written by another worker already: stop that "
                "one, or give this one other partitions in [ingest]."
            )
        time.sleep(0.1)


def _prepare(database: PostgresDatabase) -> None:
    """Makes the tables that are missing, all in one transaction; of several workers the first."""
    with database.transaction():
        database.execute(_WAIT, (schema.APPLICATION_ID, _MAKING))
        _make_schema(database, "ledger")
        if not database.columns("version"):
            _define(database, "CREATE TABLE version (application INTEGER, version INTEGER);")
            _define(database, _FINDS)
            database.execute("INSERT INTO version VALUES (?, 0)", (schema.APPLICATION_ID,))
        held = _version(database)
        for step in schema.STEPS[held:]:
            _define(database, step)
        if held < schema.VERSION:
            database.execute("UPDATE version SET version = ?", (schema.VERSION,))
    _check(database, max(held, schema.VERSION))


def _make_schema(database: PostgresDatabase, name: str) -> None:
    # Asked first: whoever may not make one may use one that is there.
    if not database.execute("SELECT to_regnamespace(?) IS NOT NULL", (name,)).fetchone()[0]:  # type: ignore[index]
        database.execute(f"CREATE SCHEMA {name}")


def _define(database: PostgresDatabase, ddl: str) -> None:
    if ddl.strip():
        with told(database.connection):
            database.connection.execute(dialect.tables(ddl).encode())


def _version(database: PostgresDatabase) -> int:
    if not database.columns("version"):
        raise OperatorError(
            f"{database.where} holds no ledger: start escale-federation ingest first."
        )
    row = database.execute("SELECT application, version FROM version").fetchone()
    if row is None or row[0] != schema.APPLICATION_ID:
        raise OperatorError(
            f"schema ledger of {database.where} is not ours: name another database in [store]."
        )
    return int(row[1])


def _check(database: PostgresDatabase, version: int) -> None:
    if version < schema.VERSION:
        raise OperatorError(
            f"the ledger in {database.where} is of version {version}, this software reads "
            f"{schema.VERSION}: start escale-federation ingest, which brings it up to date."
        )
    if version > schema.VERSION:
        raise OperatorError(
            f"the ledger in {database.where} is of version {version}, this software reads "
            f"{schema.VERSION}: install the other one."
        )
