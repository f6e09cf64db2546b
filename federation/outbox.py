"""The outbox: documents for the units, each publication a new revision. Sends nothing.

`web.sqlite` is written by `publish` (and later by the web) and read by ingest.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from protocol import documents, messages, topics
from protocol.messages import MAX_DOCUMENT, Document

from .database import told
from .errors import OperatorError

_TABLES = """
CREATE TABLE IF NOT EXISTS document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (unit, kind, revision)
);
"""
_LATEST = """
SELECT max(id), unit, kind, max(revision), body FROM document
WHERE id > ? GROUP BY unit, kind ORDER BY 1
"""


class Outgoing(NamedTuple):
    """The newest revision of one kind for one unit."""

    id: int
    unit: str
    kind: str
    revision: int
    body: bytes

    def payload(self) -> bytes:
        """What travels."""
        body = msgspec.json.decode(self.body, type=dict[str, Any])
        return messages.encode(
            Document(kind=self.kind, revision=self.revision, unit=self.unit, body=body)
        )


def publish(path: Path, unit: str, kind: str, body: bytes) -> int:
    """Writes a document for a unit; ingest sends it. Returns its revision. Raises OperatorError."""
    if not topics.UNIT_ID.fullmatch(unit):
        raise OperatorError(
            f"{unit!r} is not a unit: 3 to 26 small letters, digits and hyphens are."
        )
    checked = _checked(kind, body)
    _make_folder(path)
    with told(path), closing(sqlite3.connect(path, timeout=5)) as database, database:
        database.executescript(_TABLES)
        database.execute("BEGIN IMMEDIATE")
        (revision,) = database.execute(
            "SELECT coalesce(max(revision), 0) + 1 FROM document WHERE unit = ? AND kind = ?",
            (unit, kind),
        ).fetchone()
        item = Outgoing(0, unit, kind, revision, checked)
        if len(item.payload()) > MAX_DOCUMENT:
            raise OperatorError(
                f"this {kind} is {len(item.payload())} bytes, {MAX_DOCUMENT} is the most: cut it."
            )
        database.execute(
            "INSERT INTO document (unit, kind, revision, body) VALUES (?, ?, ?, ?)", item[1:]
        )
    return int(revision)


def latest(path: Path, after: int = 0) -> Iterator[Outgoing]:
    """The newest revision of each kind of each unit that was written after that id.

    Raises OperatorError, also while iterating, when the file cannot be read or is damaged.
    """
    if not _exists(path):
        return
    with (
        told(path),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file,
    ):
        for row in file.execute(_LATEST, (after,)):
            yield _whole(path, row)


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be written ({error.strerror}): give [store] data another folder."
        ) from error


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be read ({error.strerror}): check who owns its folder."
        ) from error


def _whole(path: Path, row: tuple[Any, ...]) -> Outgoing:
    """A row as it was written; bytes that rotted are told before anything is sent of them."""
    try:
        item = msgspec.convert(row, Outgoing)
        msgspec.json.decode(item.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OperatorError(
            f"{path} holds a damaged document: {error}. Put a good copy in its place."
        ) from error
    return item


def _checked(kind: str, body: bytes) -> bytes:
    """The body in one spelling. Raises OperatorError: unknown kind or keys, wrong values."""
    if kind not in documents.BODIES:
        raise OperatorError(f"{kind!r} is not a document: {', '.join(documents.BODIES)} are.")
    try:
        raw = msgspec.json.decode(body, type=dict[str, Any])
        value = msgspec.convert(raw, documents.BODIES[kind])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise OperatorError(f"this {kind} cannot be published: {error}.") from error
    unknown = sorted(_unknown(raw, value))
    if unknown:
        raise OperatorError(f"this {kind} has unknown keys: {', '.join(unknown)}.")
    return msgspec.json.encode(raw)


def _unknown(raw: Any, value: Any) -> Iterator[str]:
    """Keys of the file that mean nothing: a slip of the pen would be lost without a word."""
    if isinstance(value, msgspec.Struct):
        for key, item in raw.items():
            if key not in value.__struct_fields__:
                yield key
            else:
                yield from _unknown(item, getattr(value, key))
    elif isinstance(value, tuple):
        for item, inner in zip(raw, value, strict=True):
            yield from _unknown(item, inner)
