"""The door to the two stores, the ledger and the web's: in SQLite or in PostgreSQL. Knows no event.

SQL is written once, in the words that both read: `?` or `:name` for values, `ON CONFLICT`,
`RETURNING`, `IS NOT DISTINCT FROM`, truth as 0 and 1, no bare column beside an aggregate. Tables
are written in SQLite's words (INTEGER, BLOB, REAL, TEXT, WITHOUT ROWID); postgres.py translates.
Everything here raises OperatorError, in one sentence, for what a person can mend.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Literal, Protocol

from protocol.topics import PARTITIONS

from . import sqlite
from .config import Store

Values = Sequence[Any] | Mapping[str, Any]
ALL = frozenset(range(PARTITIONS))


class Cursor(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """Rows that it changed."""

    def fetchone(self) -> Any:
        """The next row, a tuple; None: there is no more."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Row by row."""


class Database(Protocol):
    """One connection to one store. Of one thread."""

    @property
    def kind(self) -> Literal["sqlite", "postgresql"]:
        """Which driver this is: asked for where one promises more than the other."""

    @property
    def where(self) -> str:
        """Its name for a person: a file, or a database and its host. Never a password."""

    def execute(self, sql: str, values: Values = (), /) -> Cursor:
        """One statement, outside of a transaction in one of its own."""

    def executemany(self, sql: str, rows: Iterable[Values], /) -> Cursor:
        """The same statement for every row."""

    def stream(self, sql: str, values: Values = (), /) -> Iterator[Any]:
        """Rows of a question whose answer may be larger than the memory."""

    def append(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Writes rows that are not there yet, the fastest way there is."""

    def columns(self, table: str) -> frozenset[str]:
        """Names of its columns; none: there is no such table."""

    def transaction(self) -> AbstractContextManager[None]:
        """All of it is durable afterwards, or nothing. A reader sees one moment inside."""

    def announce(self) -> None:
        """Tells whoever watches that something was committed."""

    def leave_no_trace(self) -> None:
        """Makes what was overwritten unreadable, as far as this store can."""

    def close(self) -> None:
        """Gives back what it holds."""


class Watch(Protocol):
    """Learns cheaply that something was committed. Of one thread at a time."""

    def token(self) -> object:
        """Equal to the one before while nothing was committed since."""

    def close(self) -> None:
        """Stops."""


def open_ledger(
    store: Store, partitions: Iterable[int] = ALL, *, patience: float = 0.0
) -> Database:
    """The right to write the ledger, brought up to date, until it is closed.

    In SQLite one writer has it all, in PostgreSQL each its own partitions: another one is refused,
    after so many seconds in which one that was just killed may let go.
    """
    if store.postgresql is None:
        return sqlite.open_ledger(store.ledger)
    from . import postgres

    return postgres.open_ledger(store.postgresql, partitions, patience)


@contextmanager
def reading_ledger(store: Store) -> Iterator[Database]:
    """The ledger for somebody who cannot write: cheap enough for every page."""
    if store.postgresql is None:
        with sqlite.reading_ledger(store.ledger) as file:
            yield file
    else:
        from . import postgres

        with postgres.reading_ledger(store.postgresql) as database:
            yield database


@contextmanager
def writing_web(store: Store, tables: str) -> Iterator[Database]:
    """One transaction in the web's store, which has these tables then; one writer at a time."""
    if store.postgresql is None:
        with sqlite.writing_web(store.outbox, tables) as file:
            yield file
    else:
        from . import postgres

        with postgres.writing_web(store.postgresql, tables) as database:
            yield database


@contextmanager
def reading_web(store: Store) -> Iterator[Database]:
    """The web's store for somebody who cannot write. Before anybody wrote it has no table."""
    if store.postgresql is None:
        with sqlite.reading_web(store.outbox) as file:
            yield file
    else:
        from . import postgres

        with postgres.reading_web(store.postgresql) as database:
            yield database


def watch(store: Store) -> Watch:
    """Watches both stores."""
    if store.postgresql is None:
        return sqlite.Watch(store.ledger, store.outbox)
    from . import postgres

    return postgres.Watch(store.postgresql)
