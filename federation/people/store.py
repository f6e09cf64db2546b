"""The tables of `web.sqlite` about people: audit, erasures, rosters sent. Holds no name.

The audit is a chain: a line that was changed, or taken out before others, shows. Its end does not
prove itself: copies of the file do.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from ..database import connect_reading, told, writing_web
from ..errors import OperatorError

_TABLES = """
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,            -- milliseconds since 1970
    who TEXT NOT NULL,
    deed TEXT NOT NULL,             -- exported, erased, roster, carried
    about TEXT NOT NULL,            -- unit epoch/seq, or the unit of a roster
    reason TEXT NOT NULL,
    chain BLOB NOT NULL             -- digest over this line and the one before
);
CREATE TABLE IF NOT EXISTS erasure (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    UNIQUE (unit, epoch, seq)
);
CREATE TABLE IF NOT EXISTS roster (
    unit TEXT PRIMARY KEY,
    day_key TEXT NOT NULL,
    mark BLOB NOT NULL              -- keyed digest of the lines: sent again only when they change
) WITHOUT ROWID;
"""


class Deed(NamedTuple):
    """A line of the audit."""

    at: int
    who: str
    deed: str
    about: str
    reason: str


class Erasure(NamedTuple):
    """A row of the ledger whose envelope must be gone."""

    unit: str
    epoch: int
    seq: int
    at: int


def writing(path: Path) -> AbstractContextManager[sqlite3.Connection]:
    """One transaction on `web.sqlite`. Raises OperatorError."""
    return writing_web(path, _TABLES)


def record(database: sqlite3.Connection, deed: Deed) -> None:
    """Adds a line to the audit, in the caller's transaction."""
    last = database.execute("SELECT chain FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    chain = _linked(last[0] if last else b"", deed)
    database.execute(
        "INSERT INTO audit (at, who, deed, about, reason, chain) VALUES (?, ?, ?, ?, ?, ?)",
        (*deed, chain),
    )


def audit(path: Path) -> Iterator[Deed]:
    """Every line, oldest first. Raises OperatorError where the chain is broken."""
    chain = b""
    for number, at, who, done, about, reason, linked in _read(
        path, "SELECT id, at, who, deed, about, reason, chain FROM audit ORDER BY id"
    ):
        deed = Deed(at, who, done, about, reason)
        chain = _linked(chain, deed)
        if chain != linked:
            raise OperatorError(
                f"line {number} of the audit in {path} is not the one that was written, or one "
                "before it is missing: keep the file and ask who had access to it."
            )
        yield deed


def erasures(path: Path, after: int = 0) -> list[tuple[int, Erasure]]:
    """What must be gone, with its number, oldest first. Raises OperatorError."""
    found = _read(path, "SELECT id, unit, epoch, seq, at FROM erasure WHERE id > ?", after)
    return [(line[0], Erasure._make(line[1:])) for line in found]


def _read(path: Path, query: str, *values: object) -> list[Any]:
    if not path.exists():
        return []
    with told(path), closing(connect_reading(path)) as database:
        try:
            return database.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise


def _linked(before: bytes, deed: Deed) -> bytes:
    line = blake2b(before, digest_size=16)
    for part in deed:
        text = str(part).encode()
        line.update(b"%d:%b" % (len(text), text))
    return line.digest()
