"""A session of PostgreSQL that speaks as database.py promises. Knows no table and no event."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper, NumericLoader
from psycopg.types.string import BytesBinaryDumper, StrDumper

from . import dialect
from .errors import OperatorError
from .postgres_copy import Copying, readable

CHANNEL: Final = "escale"
"""Who listens here hears of every commit."""
_CONNECT_SECONDS: Final = 10
_GROUP: Final = 2000
"""Rows of a long answer that are fetched together."""
_SETTINGS: Final = """
SELECT set_config('search_path', %s, false),
    set_config('default_transaction_read_only', %s, false),
    set_config('client_min_messages', 'warning', false),
    -- A worker whose machine went must not keep its partitions for hours.
    set_config('tcp_keepalives_idle', '30', false),
    set_config('tcp_keepalives_interval', '10', false),
    set_config('tcp_keepalives_count', '3', false),
    -- What is receipted is on disk, whatever the server's own setting.
    set_config('synchronous_commit',
        CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
        ELSE current_setting('synchronous_commit') END, false)
"""
_COLUMNS: Final = """
SELECT attname, atttypid FROM pg_attribute
WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped
"""


class PostgresDatabase:
    """One session in one of the schemas."""

    kind: Literal["postgresql"] = "postgresql"

    def __init__(self, address: str, schema: str, *, reads: bool) -> None:
        """Raises OperatorError."""
        self.connection = connect(address)
        try:
            with told(self.connection):
                self.connection.execute(_SETTINGS, (schema, "on" if reads else "off"))
        except OperatorError:
            self.connection.close()
            raise
        self._begin = "BEGIN ISOLATION LEVEL REPEATABLE READ" if reads else "BEGIN"
        self._types: dict[str, dict[str, int]] = {}
        self._copying: Copying | None = None

    @property
    def where(self) -> str:
        """The database and its host."""
        return where(self.connection)

    def execute(self, sql: str, values: Any = (), /) -> psycopg.Cursor[Any]:
        """One statement. Raises OperatorError when the server does not do it."""
        with told(self.connection):
            self._settle()
            return self.connection.execute(dialect.statement(sql), values)

    def executemany(self, sql: str, rows: Iterable[Any], /) -> psycopg.Cursor[Any]:
        """The same statement for every row, all of them sent at once."""
        with told(self.connection):
            self._settle()
            cursor = self.connection.cursor()
            cursor.executemany(dialect.statement(sql), list(rows))
            return cursor

    def stream(self, sql: str, values: Any = (), /) -> Iterator[Any]:
        """Fetches a part at a time."""
        with (
            told(self.connection),
            self.connection.transaction(),
            self.connection.cursor(name="escale") as cursor,
        ):
            cursor.itersize = _GROUP
            cursor.execute(dialect.statement(sql), values)
            yield from cursor

    def append(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """By COPY, straight into the table: its one writer knows what is in it.

        Inside a transaction. The server takes rows while the next are being made ready: it is asked
        how it went before the next other statement.
        """
        types = self._types_of(table)
        with told(self.connection):
            copying, alone = self._copying, self._is_idle()
            if copying is None or copying.into != (table, columns):
                self._settle()
                copying = self._copying = Copying(self.connection, table, columns, types)
            copying.write(rows)
            if alone:
                self._settle()

    def columns(self, table: str) -> frozenset[str]:
        """Names of its columns; none: there is no such table."""
        return frozenset(name for name, _ in self.execute(_COLUMNS, (table,)))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is durable afterwards, or nothing. Raises OperatorError."""
        self.execute(self._begin)
        try:
            yield
            self.execute("COMMIT")
        except BaseException as error:
            self._give_up(error)
            raise

    def announce(self) -> None:
        """After the commit: inside it, workers would wait for each other's."""
        self.execute(f"NOTIFY {CHANNEL}")

    def leave_no_trace(self) -> None:
        """The table of names is written anew; the server's own log and copies are its keeper's."""
        self.execute("VACUUM (FULL) sealed")

    def close(self) -> None:
        """Ends the session, and its locks with it."""
        self.connection.close()

    def _types_of(self, table: str) -> Mapping[str, int]:
        if table not in self._types:
            self._types[table] = dict(self.execute(_COLUMNS, (table,)).fetchall())
        return self._types[table]

    def _is_idle(self) -> bool:
        return self.connection.info.transaction_status == TransactionStatus.IDLE

    def _settle(self) -> None:
        copying, self._copying = self._copying, None
        if copying is not None:
            copying.finish()

    def _give_up(self, error: BaseException) -> None:
        copying, self._copying = self._copying, None
        if self.connection.closed:
            return
        with told(self.connection):
            if copying is not None:
                copying.give_up(error)
            self.connection.execute("ROLLBACK")


def connect(address: str) -> psycopg.Connection[Any]:
    """A session that commits every statement by itself. Raises OperatorError."""
    try:
        patience = {"connect_timeout": _CONNECT_SECONDS, **conninfo_to_dict(address)}
        connection = psycopg.connect(autocommit=True, **patience)  # type: ignore[arg-type]
    except psycopg.ProgrammingError as error:
        raise OperatorError(
            f"[store] postgresql is not a connection string ({_first_line(error)}): write"
            ' "host=… dbname=…".'
        ) from error
    except psycopg.OperationalError as error:
        raise OperatorError(
            f"[store] postgresql: {_first_line(error)}. Start PostgreSQL or mend the address."
        ) from error
    for kind, dumper in _DUMPERS:
        connection.adapters.register_dumper(kind, dumper)
    connection.adapters.register_loader("numeric", _Number)
    return connection


def where(connection: psycopg.Connection[Any]) -> str:
    """The database and its host, for a person."""
    info = connection.info
    return f"PostgreSQL database {info.dbname} at {info.host or 'this machine'}"


@contextmanager
def told(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Turns what the server refuses into one sentence; mistakes of ours stay mistakes."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise OperatorError(
            f"{_named(connection)}: {_first_line(error)}. Nothing was half-written and the units"
            " keep what is not receipted; see that the server runs and has room, then start again."
        ) from error
    except _RIGHTS as error:
        raise OperatorError(
            f"{_named(connection)}: {_first_line(error)}. Give this role its rights there, or name"
            " another in [store] postgresql."
        ) from error


def _named(connection: psycopg.Connection[Any]) -> str:
    try:
        return where(connection)
    except psycopg.OperationalError:  # a closed one has forgotten it
        return "PostgreSQL"


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or ["it gave no answer"])[0].rstrip(".")


class _Truth(Int8Dumper):
    """Truth is 0 or 1, as in SQLite."""

    def dump(self, obj: Any) -> bytes:
        """A digit."""
        return b"1" if obj else b"0"


class _Text(StrDumper):
    """UTF-8."""

    def dump(self, obj: str) -> Any:
        """Its bytes."""
        return super().dump(readable(obj) if "\0" in obj else obj)


class _Number(NumericLoader):
    """Sums are whole numbers here, as in SQLite."""

    def load(self, data: Any) -> Any:
        """An int when it is whole, else a float."""
        number = super().load(data)
        return int(number) if number == int(number) else float(number)


_RIGHTS: Final = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.InvalidSchemaName,  # there is one, but not for this role
    psycopg.errors.ReadOnlySqlTransaction,
)
_DUMPERS: Final = (
    (int, Int8Dumper), (bool, _Truth), (str, _Text), (bytes, BytesBinaryDumper)
)  # fmt: skip
