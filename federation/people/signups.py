"""One sign-up and all that was told about it, found by the number taken home. Opens no envelope."""

import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from protocol.event import Key
from protocol.events import decode_body
from protocol.workshops import Attended, Cancelled, SignedUp

from ..errors import OperatorError


class SignUp(NamedTuple):
    """A sign-up as the ledger has it."""

    id: int
    """Of the ledger's row."""
    unit: str
    row: Key
    """Its key in the ledger."""
    key: Key
    """Its first key: what its envelope is bound to and what others cite it by. After a card was
    restored two facts may have had the same one."""
    utc: int | None
    received: int
    event: SignedUp
    envelope: bytes | None
    erased: int | None
    """Milliseconds since 1970."""


class Word(NamedTuple):
    """What was told of a sign-up later."""

    utc: int | None
    received: int
    type: str
    body: bytes


_SIGN_UPS = """
SELECT dated.id, dated.unit, epoch, seq, coalesce(origin_epoch, epoch),
    coalesce(origin_seq, seq), dated.utc, dated.received, dated.body, sealed.envelope, sealed.erased
FROM dated LEFT JOIN sealed ON sealed.event = dated.id
WHERE type = 'workshop.signed_up' AND body IS NOT NULL AND copy_of IS NULL
ORDER BY +dated.id -- sorted afterwards: else every event is looked through, in order
"""
_NAMED = """
SELECT event, unit, coalesce(origin_epoch, epoch), coalesce(origin_seq, seq), utc, received
FROM sealed JOIN dated ON dated.id = sealed.event
WHERE type = 'workshop.signed_up' AND envelope IS NOT NULL
"""
_ABOUT = """
SELECT utc, received, type, body FROM dated
WHERE unit = ? AND type IN ('workshop.cancelled', 'workshop.attended') AND body IS NOT NULL
    AND copy_of IS NULL ORDER BY id
"""


def every(database: sqlite3.Connection) -> Iterator[SignUp]:
    """All sign-ups that can be read, in the order they arrived; those of trial mode too."""
    for id_, unit, *keys, utc, received, body, envelope, erased in database.execute(_SIGN_UPS):
        event = _read(SignedUp.TYPE, body)
        if isinstance(event, SignedUp):
            row, first = Key(*keys[:2]), Key(*keys[2:])
            yield SignUp(id_, unit, row, first, utc, received, event, envelope or None, erased)


def find(
    database: sqlite3.Connection, number: int, unit: str | None = None, workshop: str | None = None
) -> SignUp:
    """The one sign-up with that number. Raises OperatorError when there is none, or several."""
    found = [
        line
        for line in every(database)
        if line.event.number == number
        and unit in (None, line.unit)
        and workshop in (None, line.event.workshop)
    ]
    if not found:
        raise OperatorError(
            f"no sign-up has the number {number}{_narrowed(unit, workshop)}: check it on the "
            "person's own paper, or that the van has sent everything (escale-federation status)."
        )
    if len(found) > 1:
        where = ", ".join(f"{line.unit} {line.event.workshop}" for line in found)
        raise OperatorError(
            f"{len(found)} sign-ups have the number {number} ({where}): add --unit or --workshop."
        )
    return found[0]


def told_of(database: sqlite3.Connection, sign_up: SignUp) -> list[Word]:
    """Its cancellation, its attendance."""
    rows = database.execute(_ABOUT, (sign_up.unit,)).fetchall()
    return [Word(*row) for row in rows if _about(row[2], row[3]) == sign_up.key]


def last_contacts(database: sqlite3.Connection) -> dict[int, int]:
    """Id of each sign-up with an envelope → when the person was last heard of, milliseconds.

    Never later than it arrived: a van whose clock is years ahead must not keep a name for years.
    """
    signed = {
        (unit, Key(epoch, seq)): (event, _heard(utc, received))
        for event, unit, epoch, seq, utc, received in database.execute(_NAMED)
    }
    latest = dict(signed.values())
    for unit in {unit for unit, _ in signed}:
        for utc, received, kind, body in database.execute(_ABOUT, (unit,)):
            cited = signed.get((unit, _about(kind, body) or Key(1, 1)))
            if cited is not None:
                latest[cited[0]] = max(latest[cited[0]], _heard(utc, received))
    return latest


def is_cancelled(words: list[Word]) -> bool:
    """Whether it was given back whole."""
    events = (_read(word.type, word.body) for word in words)
    return any(isinstance(event, Cancelled) and event.seats is None for event in events)


def _heard(utc: int | None, received: int) -> int:
    return received if utc is None else min(utc, received)


def _narrowed(unit: str | None, workshop: str | None) -> str:
    words = [f" on {unit}" if unit else "", f" for {workshop}" if workshop else ""]
    return "".join(words)


def _about(kind: str, body: bytes) -> Key | None:
    event = _read(kind, body)
    return event.sign_up if isinstance(event, Cancelled | Attended) else None


def _read(kind: str, body: bytes) -> Any:
    try:
        return decode_body(kind, body)
    except msgspec.DecodeError:
        return None
