"""Sign-ups wherever they were made, on a van or at the desk: found, forgotten. Opens none."""

from collections.abc import Iterator
from typing import NamedTuple

from protocol.event import Key
from protocol.standing import Standing

from ..config import Store
from ..database import Database
from ..errors import OperatorError
from ..planning.seats import DESK
from . import desk, erasing, signups
from .signups import SignUp, Word
from .store import Deed, Erasure, erasures, writing


class Held(NamedTuple):
    """One of them, and what was told of it later."""

    sign_up: SignUp
    words: list[Word]
    stands: Standing


def every(ledger: Database, store: Store) -> Iterator[SignUp]:
    """All of them."""
    yield from signups.every(ledger)
    yield from desk.every(store)


def with_number(ledger: Database, store: Store, number: int) -> list[SignUp]:
    """Those with that number: each van counts for itself, so there may be several."""
    return [line for line in every(ledger, store) if line.event.number == number]


def find(
    ledger: Database, store: Store, number: int, unit: str | None, workshop: str | None
) -> SignUp:
    """The one sign-up with that number. Raises OperatorError when there is none, or several."""
    found = [
        line
        for line in with_number(ledger, store, number)
        if unit in (None, line.unit) and workshop in (None, line.event.workshop)
    ]
    if not found:
        narrowed = f" on {unit}" if unit else ""
        narrowed += f" for {workshop}" if workshop else ""
        raise OperatorError(
            f"no sign-up has the number {number}{narrowed}: check it on the person's own paper, or "
            "that the van has sent everything (escale-federation status)."
        )
    if len(found) > 1:
        where = ", ".join(f"{line.unit} {line.event.workshop}" for line in found)
        raise OperatorError(
            f"{len(found)} sign-ups have the number {number} ({where}): add --unit or --workshop."
        )
    return found[0]


def one(ledger: Database, store: Store, unit: str, row: Key) -> Held | None:
    """The one with that key in its store."""
    for line in every(ledger, store):
        if (line.unit, line.row) == (unit, row):
            words = signups.told_of(signups.told(ledger), line)
            return Held(line, words, signups.stands(line, words))
    return None


def erase(store: Store, sign_up: SignUp, deed: Deed) -> Erasure:
    """Asks for its names to be forgotten, durably and audited; again is the first request still.

    The ledger's writer forgets a van's, the desk's are gone from the store at once.
    """
    erasure = erasing.ask(store, sign_up, deed)
    if desk.is_of(sign_up):
        with writing(store) as web:
            erasing.from_desk(web, [erasure])
    return erasure


def number_of(store: Store, asked: Erasure) -> int:
    """Of that request among all; it may have been made before."""
    return next(number for number, known in erasures(store) if known[:3] == asked[:3])


def asked(store: Store, sign_up: SignUp) -> int | None:
    """The number of the request that its names be forgotten; None: nobody asked."""
    row = (sign_up.unit, sign_up.row.epoch, sign_up.row.seq)
    return next((number for number, known in erasures(store) if known[:3] == row), None)


def is_done(store: Store, erasure: Erasure) -> bool:
    """Whether no envelope of it is left in either store."""
    if erasure.unit == DESK:
        row = Key(erasure.epoch, erasure.seq)
        return all(line.envelope is None for line in desk.every(store) if line.row == row)
    return erasing.is_done(store, erasure)
