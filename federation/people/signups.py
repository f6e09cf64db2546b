"""One sign-up and all that was told about it, found by the number taken home. Opens no envelope."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from protocol import standing
from protocol.event import Event, Key
from protocol.events import decode_body
from protocol.standing import Standing
from protocol.workshops import Attended, Called, Cancelled, Changed, SignedUp

from ..database import Database


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
    stands: Standing
    """As it was made, until more is read."""


class Word(NamedTuple):
    """What was told of a sign-up later."""

    utc: int | None
    received: int
    event: Cancelled | Changed | Called | Attended
    body: bytes


Words = Mapping[tuple[str, Key], list[Word]]
"""(unit, first key) of a sign-up → what was told of it, in the order it arrived."""


_SIGN_UPS = """
SELECT dated.id, dated.unit, epoch, seq, coalesce(origin_epoch, epoch),
    coalesce(origin_seq, seq), dated.utc, dated.received, dated.body, sealed.envelope, sealed.erased
FROM dated LEFT JOIN sealed ON sealed.event = dated.id
WHERE type = 'workshop.signed_up' AND body IS NOT NULL AND copy_of IS NULL
"""
_IN_ORDER = "ORDER BY +dated.id"  # sorted afterwards: else every event is looked through, in order
_NAMED = """
SELECT event, unit, coalesce(origin_epoch, epoch), coalesce(origin_seq, seq), utc, received
FROM sealed JOIN dated ON dated.id = sealed.event
WHERE type = 'workshop.signed_up' AND envelope IS NOT NULL
"""
_ABOUT = """
SELECT unit, utc, received, type, body FROM dated
WHERE type IN (
    'workshop.cancelled', 'workshop.changed', 'workshop.called', 'workshop.attended'
) AND body IS NOT NULL AND copy_of IS NULL ORDER BY +id
"""


def every(database: Database) -> Iterator[SignUp]:
    """All sign-ups that can be read, in the order they arrived; those of trial mode too."""
    for row in database.execute(_SIGN_UPS + _IN_ORDER):
        sign_up = _sign_up(row)
        if sign_up is not None:
            yield sign_up


def of_row(database: Database, id_: int) -> SignUp | None:
    """The one in that row of the ledger; None: there is none that can be read."""
    row = database.execute(_SIGN_UPS + "AND dated.id = ?", (id_,)).fetchone()
    return None if row is None else _sign_up(row)


def told(database: Database) -> Words:
    """What was told later, of every sign-up, by whichever unit."""
    words = defaultdict[tuple[str, Key], list[Word]](list)
    for unit, utc, received, kind, body in database.execute(_ABOUT):
        event = _read(kind, body)
        if isinstance(event, Cancelled | Changed | Called | Attended) and event.sign_up:
            # Only who comes can have signed up elsewhere.
            made_by = (isinstance(event, Attended) and event.unit) or unit
            words[made_by, event.sign_up].append(Word(utc, received, event, body))
    return words


def told_of(words: Words, sign_up: SignUp) -> list[Word]:
    """Of this one."""
    return words.get((sign_up.unit, sign_up.key), [])


def stands(sign_up: SignUp, words: Iterable[Word]) -> Standing:
    """How many come now, how many of them wait."""
    now = sign_up.stands
    for word in words:
        now = standing.after(now, word.event)
    return now


def last_contacts(database: Database) -> dict[int, int]:
    """Id of each sign-up with an envelope → when the person was last heard of, milliseconds.

    Never later than it arrived: a van whose clock is years ahead must not keep a name for years.
    """
    words, latest = told(database), dict[int, int]()
    for event, unit, epoch, seq, utc, received in database.execute(_NAMED):
        heard = [
            _heard(word.utc, word.received)
            for word in words.get((unit, Key(epoch, seq)), ())
            if _is_contact(word.event)
        ]
        latest[event] = max([_heard(utc, received), *heard])
    return latest


def _sign_up(row: Any) -> SignUp | None:
    id_, unit, *keys, utc, received, body, envelope, erased = row
    event = _read(SignedUp.TYPE, body)
    if not isinstance(event, SignedUp):
        return None
    told_then = (utc, received, event, envelope or None, erased)
    return SignUp(id_, unit, Key(*keys[:2]), Key(*keys[2:]), *told_then, standing.begun(event))


def _is_contact(event: Event) -> bool:
    """Whether the person was there, not the waiting list alone."""
    if isinstance(event, Changed):
        return event.cause == "asked"
    return event.reached if isinstance(event, Called) else True


def _heard(utc: int | None, received: int) -> int:
    return received if utc is None else min(utc, received)


def _read(kind: str, body: bytes) -> Any:
    try:
        return decode_body(kind, body)
    except msgspec.DecodeError:
        return None
