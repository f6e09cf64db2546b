"""The federation's documents as the vehicle reads them, in the uplink's file. Applies nothing."""

import sqlite3
from pathlib import Path
from typing import TypeVar

import msgspec

from protocol.documents import Body

from ..journal.schema import connect_reading

_Body = TypeVar("_Body", bound=Body)


def read(uplink_journal: Path, kind: str, body: type[_Body]) -> _Body:
    """The document last applied; an empty one when there is none, or none that can be read."""
    if not uplink_journal.exists():
        return body()
    try:
        connection = connect_reading(uplink_journal)
        try:
            found = connection.execute("SELECT body FROM document WHERE kind = ?", (kind,))
            row = found.fetchone()
        finally:
            connection.close()
        return msgspec.json.decode(row[0], type=body) if row else body()
    except (sqlite3.Error, msgspec.DecodeError):
        return body()
