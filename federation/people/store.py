"""The tables of the web's store about people: audit, erasures, rosters sent. Holds no name.

The audit is a chain: a line that was changed, or taken out before others, shows. Its end does not
prove itself: copies of the store do.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from hashlib import blake2b
from typing import Any, NamedTuple

from ..config import Store
from ..database import Database, reading_web, writing_web
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


def writing(store: Store) -> AbstractContextManager[Database]:
    """One transaction on the web's store. Raises OperatorError."""
    return writing_web(store, _TABLES)


def record(database: Database, deed: Deed) -> None:
    """Adds a line to the audit, in the caller's transaction."""
    last = database.execute("SELECT chain FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    chain = _linked(last[0] if last else b"", deed)
    database.execute(
        "INSERT INTO audit (at, who, deed, about, reason, chain) VALUES (?, ?, ?, ?, ?, ?)",
        (*deed, chain),
    )


class Line(NamedTuple):
    """A line of the audit as it lies there."""

    number: int
    deed: Deed
    chain: bytes
    """Digest over this line and all before it."""
    sound: bool
    """Whether it is what was written, right after the line before it."""


def lines(store: Store) -> Iterator[Line]:
    """Every line, oldest first, those too that somebody tampered with. Raises OperatorError."""
    before = b""
    query = "SELECT id, at, who, deed, about, reason, chain FROM audit ORDER BY id"
    for number, *told, chain in _read(store, "audit", query):
        deed, linked = Deed(*told), bytes(chain)
        yield Line(number, deed, linked, _linked(before, deed) == linked)
        before = linked


def audit(store: Store) -> Iterator[Deed]:
    """Every line, oldest first. Raises OperatorError where the chain is broken."""
    for line in lines(store):
        if not line.sound:
            raise OperatorError(
                f"line {line.number} of the audit in {_where(store)} is not the one that was "
                "written, or one before it is missing: keep the store and ask who had access to it."
            )
        yield line.deed


def erasures(store: Store, after: int = 0) -> list[tuple[int, Erasure]]:
    """What must be gone, with its number, oldest first. Raises OperatorError."""
    query = "SELECT id, unit, epoch, seq, at FROM erasure WHERE id > ? ORDER BY id"
    found = _read(store, "erasure", query, after)
    return [(line[0], Erasure._make(line[1:])) for line in found]


def _where(store: Store) -> str:
    with reading_web(store) as database:
        return database.where


def _read(store: Store, table: str, query: str, *values: object) -> list[Any]:
    """The rows; none while nobody ever wrote such a table."""
    with reading_web(store) as database:
        return database.execute(query, values).fetchall() if database.columns(table) else []


def _linked(before: bytes, deed: Deed) -> bytes:
    line = blake2b(before, digest_size=16)
    for part in deed:
        text = str(part).encode()
        line.update(b"%d:%b" % (len(text), text))
    return line.digest()
