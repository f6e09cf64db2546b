"""Moves both stores from SQLite into an empty PostgreSQL database. Changes nothing in the files.

All of it or nothing: one transaction at the target, its counts compared before it ends.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from . import dialect
from .errors import OperatorError
from .sqlite import connect_reading, told

MADE_BY_THE_TARGET: Final = frozenset({"django_migrations"})
"""What says how its own tables were made."""
_TABLES: Final = """
SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name
"""
_MADE: Final = """
SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC
"""
"""Tables before indexes."""
_COLUMNS: Final = """
SELECT column_name, is_identity = 'YES' FROM information_schema.columns
WHERE table_schema = %s AND table_name = %s
"""
_GROUP: Final = 5000


def move(ledger: Path, web: Path, address: str, say: Callable[[str], None]) -> int:
    """Copies every row of both files; returns how many. The target has its tables already.

    Raises OperatorError: the target holds something, is of another version, or went away.
    """
    moved = 0
    try:
        with psycopg.connect(address) as target:
            for schema, file in (("ledger", ledger), ("web", web)):
                with told(file), closing(connect_reading(file)) as source:
                    for table in _named(source):
                        moved += _copy(source, target, schema, table, say)
    except psycopg.Error as error:
        first = (str(error).strip().splitlines() or ["it gave no answer"])[0].rstrip(".")
        raise OperatorError(
            f"nothing was moved, PostgreSQL says: {first}. Mend that and move again; the files are "
            "as they were."
        ) from error
    return moved


def demand_empty(address: str) -> None:
    """Raises OperatorError when a federation lives there already."""
    with psycopg.connect(address) as target:
        for table in ("ledger.unit", "web.account"):
            schema, name = table.split(".")
            if not _columns(target, schema, name):
                continue
            count = target.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608  a constant
            if count and count[0]:
                raise OperatorError(
                    f"{table} in that database holds rows already: give an empty database."
                )


def _named(source: sqlite3.Connection) -> list[str]:
    names = [name for (name,) in source.execute(_TABLES)]
    return [name for name in names if name not in MADE_BY_THE_TARGET]


def _copy(
    source: sqlite3.Connection,
    target: psycopg.Connection[Any],
    schema: str,
    table: str,
    say: Callable[[str], None],
) -> int:
    """One table: what the target's migrations wrote into it gives way."""
    columns = [row[1] for row in source.execute(f'PRAGMA table_info("{table}")')]
    known = _columns(target, schema, table) or _made(source, target, schema, table)
    if set(columns) != known.keys():
        raise OperatorError(
            f"table {table} is not the same there: bring both to one version, start ingest and web "
            "once on the files, and move again."
        )
    place = sql.Identifier(schema, table)
    target.execute(sql.SQL("DELETE FROM {}").format(place))
    count = 0
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with target.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(place, names)) as into:
        for row in _rows(source, table, columns):
            into.write_row([_readable(value) for value in row])
            count += 1
            if count % 200_000 == 0:
                say(f"{table}: {count:,} rows")
    _compare(target, place, table, count)
    for column in (name for name, counts in known.items() if counts):
        _count_on(target, schema, table, column)
    return count


def _made(
    source: sqlite3.Connection, target: psycopg.Connection[Any], schema: str, table: str
) -> dict[str, bool]:
    """A table that whoever writes first makes: as it was made here."""
    target.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
    for (ddl,) in source.execute(_MADE, (table,)):
        target.execute(dialect.tables(ddl).encode())
    return _columns(target, schema, table)


def _rows(source: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    listed = ", ".join(f'"{name}"' for name in columns)
    answer = source.execute(f'SELECT {listed} FROM "{table}"')  # noqa: S608  names of its own
    while rows := answer.fetchmany(_GROUP):
        yield from rows


def _readable(value: Any) -> Any:
    """PostgreSQL's text bears no NUL; a message that had one was kept apart, never believed."""
    return value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value


def _columns(target: psycopg.Connection[Any], schema: str, table: str) -> dict[str, bool]:
    """Name of each column, and whether the server counts it up by itself."""
    return dict(target.execute(_COLUMNS, (schema, table)).fetchall())


def _compare(
    target: psycopg.Connection[Any], place: sql.Identifier, table: str, count: int
) -> None:
    held = target.execute(sql.SQL("SELECT count(*) FROM {}").format(place)).fetchone()
    if held is None or held[0] != count:
        raise OperatorError(f"table {table} has other rows there than here: nothing was moved.")


def _count_on(target: psycopg.Connection[Any], schema: str, table: str, column: str) -> None:
    """The next number is one that no row has."""
    name, place = sql.Identifier(column), sql.Identifier(schema, table)
    target.execute(
        sql.SQL(
            "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 0) + 1, false) FROM {}"
        ).format(f"{schema}.{table}", column, name, place)
    )
