"""Who signed up for a workshop, wherever that was: as numbers, or with names that were opened.

Names are in what `opened` returns alone, for the page that is being made.
"""

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from protocol import codes, standing
from protocol.workshops import SignedUp

from ...database import Database
from ...errors import OperatorError
from ...people import desk, opening, signups
from ...people.signups import SignUp
from ...people.store import Deed
from ...planning.seats import DESK
from .. import keyring, store
from .models import Call, DeskSignUp, Workshop

_SIGN_UPS = """
SELECT event, seats, waiting, called_at, reached, coalesce(
    (SELECT dated.utc FROM dated WHERE dated.unit = told.unit AND dated.epoch = since_epoch
        AND dated.seq = since_event), told.utc)
FROM signed_up AS told WHERE workshop = ? AND seats > 0
"""
# Asked row by row: joined, the view `dated` is worked out for the whole ledger first.
_ATTENDANCE = """
SELECT sign_up_unit, sign_up_epoch, sign_up_seq, status FROM attendance
WHERE workshop = ? AND sign_up_unit IS NOT NULL
"""
_OUTCOMES = {0: "pas joint", 1: "joint", None: ""}


class Person(NamedTuple):
    """A sign-up, and what is known of it; printed, it tells no name."""

    sign_up: SignUp
    where: str
    """The vehicle, or the desk."""
    since: int
    called: str = ""
    """What the last call gave."""
    called_at: int | None = None
    attended: str = ""
    moved_up: bool = False
    """There is a seat since, and they do not know it yet."""
    first_name: str = ""
    phone: str = ""

    @property
    def waits(self) -> bool:
        """Whether anybody of them waits."""
        return self.sign_up.stands.waiting > 0

    @property
    def is_desk(self) -> bool:
        """Whether the desk may change it."""
        return desk.is_of(self.sign_up)

    def __repr__(self) -> str:
        return f"Person({self.sign_up.event.number})"


def of(workshop: Workshop, ledger: Database | None) -> list[Person]:
    """Everybody who has seats or waits, by number; no names."""
    found = _of_desk(workshop) + ([] if ledger is None else _of_vans(workshop, ledger))
    calls = {(c.unit, c.epoch, c.seq): c for c in Call.objects.filter(workshop=workshop)}
    seen = {} if ledger is None else _attendance(workshop, ledger)
    told = []
    for person in found:
        key = (person.sign_up.unit, person.sign_up.key.epoch, person.sign_up.key.seq)
        call = calls.get(key)
        if call is not None and call.at >= (person.called_at or 0):
            outcome = Call.Outcome(call.outcome)
            person = person._replace(called=outcome.label, called_at=call.at)
        told.append(person._replace(attended=seen.get(key, "")))
    return sorted(told, key=lambda each: (each.sign_up.event.number, each.where))


def opened(people: Sequence[Person], who: str, reason: str) -> tuple[list[Person], int]:
    """With their names, each a line of the audit; how many envelopes stayed closed.

    Raises OperatorError: no key is open here.
    """
    key = keyring.held().sealing
    if key is None:
        raise OperatorError(keyring.NO_NAMES)
    deed = Deed(time.time_ns() // 1_000_000, who, "opened", "", reason)
    signed = [person.sign_up for person in people]
    names, closed = opening.open_those_that_do(store.config().store, signed, [key], deed)
    told = [
        person._replace(first_name=name.get("first_name", ""), phone=name.get("phone", ""))
        for person, name in zip(people, names, strict=True)
    ]
    return told, closed


def waiting_first(people: Sequence[Person]) -> list[Person]:
    """Whom to call: who has a seat and does not know it, then who waits, in their order."""
    found = [each for each in people if each.moved_up or each.waits]
    return sorted(found, key=lambda each: (not each.moved_up, each.since))


def _of_desk(workshop: Workshop) -> list[Person]:
    rows = DeskSignUp.objects.filter(workshop=workshop, seats__gt=0)
    return [
        Person(_signed(workshop, each), "Standard", each.since, moved_up=bool(each.moved_up))
        for each in rows
    ]


def _signed(workshop: Workshop, each: DeskSignUp) -> SignUp:
    event = SignedUp(
        workshop=workshop.code, number=each.number, seats=each.seats, waiting=each.waiting,
        by_staff=True,
    )  # fmt: skip
    key, envelope = desk.key_of(each.pk), each.envelope and bytes(each.envelope)
    moments = (each.made, each.made)
    stands = standing.begun(event)
    return SignUp(each.pk, DESK, key, key, *moments, event, envelope, each.erased, stands)


def _of_vans(workshop: Workshop, ledger: Database) -> list[Person]:
    registry, found = store.vehicles(), []
    for event, seats, waiting, called_at, reached, since in ledger.execute(
        _SIGN_UPS, (workshop.code,)
    ).fetchall():
        sign_up = signups.of_row(ledger, event)
        if sign_up is None:
            continue
        stands = standing.Standing(event=sign_up.event, seats=seats, waiting=waiting, since=0)
        vehicle = registry.of(sign_up.unit)
        where = vehicle.name if vehicle else sign_up.unit
        told = _OUTCOMES[reached]
        found.append(Person(sign_up._replace(stands=stands), where, since, told, called_at))
    return found


def _attendance(workshop: Workshop, ledger: Database) -> dict[tuple[Any, ...], str]:
    rows = ledger.execute(_ATTENDANCE, (workshop.code,))
    return {
        (unit, epoch, seq): codes.label("attendance", status) for unit, epoch, seq, status in rows
    }
