"""The outbox: documents for the units, signed as they will travel, each a new revision.

The web's store is written by `publish` and by the web, and read by ingest, which sends what it
finds and could not have written it: it does not hold the key.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol import messages, signing, topics
from protocol.documents import TRUST
from protocol.errors import ProtocolError
from protocol.messages import MAX_DOCUMENT, Document

from . import drafts
from .config import Store
from .database import Database, reading_web, writing_web
from .errors import OperatorError

_TABLES = """
CREATE TABLE IF NOT EXISTS document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    body BLOB NOT NULL,
    payload BLOB,               -- signed; NULL: of a version that did not sign, never sent
    UNIQUE (unit, kind, revision)
);
"""
_LATEST = """
SELECT id, unit, kind, revision, body, payload FROM document WHERE id IN (
    SELECT max(id) FROM document WHERE id > ? AND payload IS NOT NULL GROUP BY unit, kind)
ORDER BY id
"""
_INSERT = "INSERT INTO document (unit, kind, revision, body, payload) VALUES (?, ?, ?, ?, ?)"
_HIGHEST = "SELECT coalesce(max(revision), 0) FROM document WHERE unit = ? AND kind = ?"


class Outgoing(NamedTuple):
    """The newest revision of one kind for one unit."""

    id: int
    unit: str
    kind: str
    revision: int
    body: bytes
    """JSON, for readers here."""
    payload: bytes
    """What travels."""


def publish(
    store: Store, key: Ed25519PrivateKey, units: Sequence[str], kind: str, text: bytes, now: int
) -> dict[str, int]:
    """Signs a document for each unit; ingest sends it. Returns the revisions.

    `now` in milliseconds since 1970. Raises OperatorError, having written nothing.
    """
    return publish_all(store, key, [(unit, kind, text) for unit in units], now)


def publish_all(
    store: Store, key: Ed25519PrivateKey, drafted: Sequence[tuple[str, str, bytes]], now: int
) -> dict[str, int]:
    """The same for documents that differ, (unit, kind, text) each, in one transaction.

    Returns unit → revision. Raises OperatorError, having written nothing.
    """
    with writing(store) as database:
        return put(database, key, drafted, now)


def put(
    database: Database, key: Ed25519PrivateKey, drafted: Sequence[tuple[str, str, bytes]], now: int
) -> dict[str, int]:
    """The same inside a transaction of `writing`, which may write something else besides."""
    _check_names([unit for unit, _, _ in drafted])
    bodies = [(unit, kind, drafts.body(kind, text)) for unit, kind, text in drafted]
    revisions = {}
    for unit, kind, body in bodies:
        revision = _highest(database, unit, kind) + 1
        document = Document(kind=kind, revision=revision, unit=unit, published=now, body=body)
        payload = signing.sign(key, "document", f"{unit} {kind}", messages.encode(document))
        if len(payload) > MAX_DOCUMENT:
            raise OperatorError(
                f"this {kind} is {len(payload)} bytes, {MAX_DOCUMENT} is the most: cut it."
            )
        line = (unit, kind, revision, msgspec.json.encode(body), payload)
        database.execute(_INSERT, line)
        revisions[unit] = revision
    return revisions


def publish_trust(
    store: Store, root: Ed25519PublicKey, units: Sequence[str], statement: bytes
) -> dict[str, int]:
    """The root's own statement for each unit; its serial is the revision. Raises OperatorError.

    Again the same one is nothing new.
    """
    _check_names(units)
    serial = drafts.serial(statement, root)
    body = signing.read(statement).payload
    with writing(store) as database:
        for unit in units:
            highest = _highest(database, unit, TRUST)
            if highest == serial and _held(database, unit, serial) == statement:
                continue
            if highest >= serial:
                raise OperatorError(
                    f"{unit} was sent trust statement {highest} already: serial {serial} is not "
                    "above it, make a new statement."
                )
            database.execute(_INSERT, (unit, TRUST, serial, body, statement))
    return dict.fromkeys(units, serial)


def latest(store: Store, after: int = 0) -> Iterator[Outgoing]:
    """The newest revision of each kind of each unit that was written after that id.

    Raises OperatorError, also while iterating, when the file cannot be read or is damaged.
    """
    with reading_web(store) as database:
        # Nothing that a version without signatures wrote is sent, nor read as if it were.
        if "payload" in database.columns("document"):
            for row in database.execute(_LATEST, (after,)):
                yield _whole(database.where, row)


@contextmanager
def writing(store: Store, more: str = "") -> Iterator[Database]:
    """One transaction on the outbox, and on `more` tables. Raises OperatorError."""
    with writing_web(store, _TABLES + more) as database:
        if "payload" not in database.columns("document"):
            database.execute("ALTER TABLE document ADD COLUMN payload BLOB")
        yield database


def _check_names(units: Sequence[str]) -> None:
    for unit in units:
        if not topics.UNIT_ID.fullmatch(unit):
            raise OperatorError(
                f"{unit!r} is not a unit: 3 to 26 small letters, digits and hyphens are."
            )


def _highest(database: Database, unit: str, kind: str) -> int:
    return int(database.execute(_HIGHEST, (unit, kind)).fetchone()[0])


def _held(database: Database, unit: str, serial: int) -> bytes | None:
    query = "SELECT payload FROM document WHERE unit = ? AND kind = ? AND revision = ?"
    row = database.execute(query, (unit, TRUST, serial)).fetchone()
    return row[0] if row else None


def _whole(where: str, row: tuple[Any, ...]) -> Outgoing:
    """A row as it was written; bytes that rotted are told before anything is sent of them."""
    try:
        item = msgspec.convert(row, Outgoing)
        msgspec.json.decode(item.body, type=dict[str, Any])
        msgspec.json.decode(signing.read(item.payload).payload, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ProtocolError) as error:
        raise OperatorError(
            f"{where} holds a damaged document: {error}. Put a good copy in its place."
        ) from error
    return item
