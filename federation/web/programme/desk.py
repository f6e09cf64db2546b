"""Signing people up by telephone: what a van does, with the desk's own seats. Opens no name.

First name and telephone are sealed before they are written, to the same keys as on a van.
"""

import time
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.db import transaction

from protocol import sealing, trust
from protocol.documents import TRUST
from protocol.errors import ProtocolError
from protocol.sealing import Binding

from ... import keys, outbox
from ...errors import OperatorError
from ...people import desk
from ...planning.seats import DESK
from .. import keyring, store
from . import seating
from .models import Call, DeskSignUp, Workshop

MOST: Final = 20
"""People of one sign-up."""


class Refused(Exception):
    """It cannot be done; the sentence says why, to whoever is on the telephone."""


class Asked(Refused):
    """Not all have seats: somebody on the telephone chooses what becomes of those they have."""

    def __init__(self, people: int, held: int) -> None:
        super().__init__(f"Il n'y a pas assez de places pour {people} personnes : rien n'a changé.")
        self.people, self.held, self.rest = people, held, people - held


class Waits(StrEnum):
    """Who waits of a sign-up that has seats, and wants more than there are."""

    REST = "rest"
    """Those without; the others keep their seats."""
    ALL = "all"
    """Everybody, together: their seats go to others."""


class Said(NamedTuple):
    """What somebody says on the telephone."""

    people: int
    first_name: str = ""
    phone: str = ""
    waits: bool = False
    """They would rather wait together than not come."""


def recipients() -> Sequence[X25519PublicKey]:
    """Whom names are sealed to: as the root said to the vans, else whoever opens names here."""
    config = store.config()
    if config.broker.root is not None:
        newest = [each.payload for each in outbox.latest(config.store) if each.kind == TRUST]
        try:
            root = keys.root_key(config.broker)
            told = [trust.read(payload, root) for payload in newest]
        except (OperatorError, ProtocolError):
            told = []
        if told:
            return max(told, key=lambda each: each.serial).recipients()
    opens = keyring.held().sealing
    return [opens.public_key()] if opens is not None else []


def free(workshop: Workshop) -> int:
    """Seats that the desk may give away now."""
    registry = store.vehicles()
    units = {each.id: each.unit for each in registry.vehicles if each.unit}
    with seating.ledger() as ledger:
        known = seating.claims([workshop], ledger)[workshop.code]
    return seating.share(workshop, known, seating.Sent(), units).desk


def sign_up(workshop: Workshop, said: Said, now: int | None = None) -> DeskSignUp:
    """They have seats, or wait. Raises Refused: it is not open, or a choice is to be made."""
    now = _now() if now is None else now
    _check(workshop, said, now)
    with seating.LOCK:
        waiting = _waiting(said.people, free(workshop), waits=said.waits)
        with transaction.atomic():
            made = DeskSignUp.objects.create(
                workshop=workshop, number=0, seats=said.people, waiting=waiting, made=now,
                since=now, contact=now,
            )  # fmt: skip
            made.number = 1000 + made.pk % 9000
            made.envelope = _sealed(made, said)
            made.save(update_fields=("number", "envelope"))
    return made


def change(sign_up: DeskSignUp, people: int, waits: Waits | None = None) -> DeskSignUp:
    """For so many people now; 0 gives it back. Who asks for more to wait goes to the end.

    Raises Asked: it has seats, there are not enough for all, and nobody said who `waits`.
    """
    now = _now()
    with seating.LOCK:
        waiting = _waiting_now(sign_up, people, waits)
        if waiting > sign_up.waiting:
            sign_up.since = now
        sign_up.seats, sign_up.waiting, sign_up.contact = people, waiting, now
        if not waiting or not people:
            sign_up.moved_up = None
        sign_up.save()
    return sign_up


def call(workshop: Workshop, unit: str, epoch: int, seq: int, who: str, outcome: str) -> None:
    """Somebody was called; whoever was reached knows of the seat."""
    now = _now()
    Call.objects.create(
        workshop=workshop, unit=unit, epoch=epoch, seq=seq, at=now, who=who, outcome=outcome
    )
    if Call.Outcome(outcome) is Call.Outcome.REACHED and unit == DESK:
        DeskSignUp.objects.filter(pk=seq, workshop=workshop).update(moved_up=None, contact=now)


def _check(workshop: Workshop, said: Said, now: int) -> None:
    if workshop.state != Workshop.State.OPEN or workshop.starts_ms <= now:
        raise Refused("Cet atelier n'est pas ouvert aux inscriptions.")
    if not 1 <= said.people <= MOST:
        raise Refused(f"De 1 à {MOST} personnes par inscription.")
    for text in (said.first_name, said.phone):
        if len(text.encode()) > sealing.MAX_FIELD:
            raise Refused("Le prénom ou le téléphone est trop long.")


def _waiting(people: int, left: int, *, waits: bool) -> int:
    """How many wait: a group is never split unasked."""
    if people <= left:
        return 0
    if not waits:
        raise Refused(
            f"Il reste {left} place{'s' if left > 1 else ''} au standard pour {people} : "
            "inscrire en liste d'attente, ou moins de personnes ?"
        )
    return people


def _waiting_now(sign_up: DeskSignUp, people: int, waits: Waits | None) -> int:
    """How many of them wait: seats that it has are never given up unasked."""
    held = sign_up.seats - sign_up.waiting
    if people <= sign_up.seats:
        return max(0, people - held)
    if people <= free(sign_up.workshop) + held:
        return 0
    if held and waits is None:
        raise Asked(people, held)
    return people - held if waits is Waits.REST else people


def _sealed(made: DeskSignUp, said: Said) -> bytes | None:
    fields = {"first_name": said.first_name.strip(), "phone": said.phone.strip()}
    given = {name: text for name, text in fields.items() if text}
    if not given or not made.workshop.asks_name:
        return None
    to = recipients()
    if not to:
        raise Refused(
            "Les prénoms et téléphones ne peuvent pas être gardés sur ce serveur, faute de clé "
            "pour les sceller : inscrivez sans eux, le numéro suffit."
        )
    return sealing.seal(given, to, Binding(DESK, desk.key_of(made.pk)))


def _now() -> int:
    return time.time_ns() // 1_000_000
