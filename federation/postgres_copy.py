"""A COPY that stays open from one batch to the next. Knows no table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import psycopg

_TEXT: Final = 25
"""PostgreSQL's number for the type `text`."""


class Copying:
    """Rows on their way into a table; the server says how it went at the end."""

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        table: str,
        columns: Sequence[str],
        types: Mapping[str, int],
    ) -> None:
        """`types`: PostgreSQL's, of every column of the table."""
        self.into = (table, columns)
        self._texts = [place for place, name in enumerate(columns) if types[name] == _TEXT]
        self._cursor = connection.cursor()
        query = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
        self._context = self._cursor.copy(query.encode())
        self._copy = self._context.__enter__()
        self._copy.set_types([types[name] for name in columns])

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Sends them, without waiting for what becomes of them."""
        write = self._copy.write_row
        for row in _without_nul(rows, self._texts):
            write(row)

    def finish(self) -> None:
        """They are in the table now. Raises what the server has against them."""
        self._context.__exit__(None, None, None)
        self._cursor.close()

    def give_up(self, error: BaseException) -> None:
        """None of them is."""
        self._context.__exit__(type(error), error, None)
        self._cursor.close()


def readable(text: str) -> str:
    """PostgreSQL knows no NUL in a text; whoever sends one loses that character alone."""
    return text.replace("\0", "\ufffd")


def _without_nul(rows: Iterable[Sequence[Any]], texts: Sequence[int]) -> Iterator[Sequence[Any]]:
    for row in rows:
        for place in texts:
            if row[place] and "\0" in row[place]:
                row = [readable(value) if isinstance(value, str) else value for value in row]
        yield row
