"""Keeps sealed fields beside their events, each once, until they are erased. Opens none.

A fact that came under two keys has one envelope, with the first of its rows. One that was erased
never comes back.
"""

from collections.abc import Iterable, Sequence

import msgspec

from protocol import sealing
from protocol.event import PersonalEvent
from protocol.events import TYPES
from protocol.row import Row, Tombstone

from .absorb import Flag
from .database import Database
from .spans import Span

_EVENTS = """
SELECT seq, digest, id, copy_of FROM event WHERE unit = ? AND epoch = ? AND seq BETWEEN ? AND ?
"""
_KEEP = "INSERT INTO sealed (event, envelope) VALUES (?, ?) ON CONFLICT DO NOTHING"
_OF_COPIES = """
SELECT event.id, event.copy_of FROM event JOIN sealed ON sealed.event = event.id
WHERE unit = ? AND origin_epoch = ? AND origin_seq BETWEEN ? AND ? AND copy_of IS NOT NULL
"""
_MOVE = """
INSERT INTO sealed (event, envelope, erased)
SELECT CAST(? AS BIGINT), envelope, erased FROM sealed WHERE event = ?
ON CONFLICT (event) DO UPDATE SET
    envelope = CASE WHEN excluded.erased IS NULL THEN sealed.envelope END,
    erased = coalesce(sealed.erased, excluded.erased)
"""


class _Sealed(msgspec.Struct):
    """What any body may say of its envelope."""

    sealed: str = ""


_decoder = msgspec.json.Decoder(_Sealed)


def digest_told(type_name: str, body: bytes) -> str:
    """The digest of its envelope, as the body says it; empty: it can have none.

    A type of a newer unit is taken at its word; one that is known must be a personal one.
    """
    known = TYPES.get(type_name)
    if known is not None and not issubclass(known, PersonalEvent):
        return ""
    try:
        return _decoder.decode(body).sealed
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def sealed(rows: Iterable[Row | Tombstone]) -> list[Row]:
    """Those of them that brought an envelope."""
    return [row for row in rows if isinstance(row, Row) and row.envelope is not None]


def keep(
    database: Database, unit: str, epoch: int, rows: Sequence[Row]
) -> tuple[int, tuple[Flag, ...]]:
    """Keeps the envelopes of rows that are in the ledger as they came; flags those of others.

    `rows`: `sealed`, one at the least. How many it kept or had already, and the flags.
    """
    wrong: list[Flag] = []
    kept: list[tuple[int, bytes]] = []
    spread = (unit, epoch, rows[0].seq, rows[-1].seq)
    events = {(seq, mark): event for seq, mark, *event in database.execute(_EVENTS, spread)}
    for row in rows:
        event = events.get((row.seq, row.digest))
        if event is None or row.envelope is None:
            continue
        if digest_told(row.type, row.body) != sealing.digest(row.envelope):
            wrong.append(Flag(row.seq, "envelope_wrong"))
            continue
        kept.append((_first(database, *event), row.envelope))
    if kept:
        database.executemany(_KEEP, kept)
    return len(kept), tuple(wrong)


def gather(database: Database, unit: str, epoch: int, span: Span) -> None:
    """Moves the envelopes of what is known now to be copies of these rows to the rows."""
    copies = database.execute(_OF_COPIES, (unit, epoch, *span)).fetchall()
    for copy, of in copies:
        first = _first(database, copy, of)
        if first != copy:
            database.execute(_MOVE, (first, copy))
            database.execute("DELETE FROM sealed WHERE event = ?", (copy,))


def _first(database: Database, event: int, copy_of: int | None) -> int:
    """The first row of a fact: a copy may be of a row that proved a copy later."""
    seen = {event}
    while copy_of is not None and copy_of not in seen:
        event = copy_of
        seen.add(event)
        (copy_of,) = database.execute("SELECT copy_of FROM event WHERE id = ?", (event,)).fetchone()
    return event
