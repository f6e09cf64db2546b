"""What is held about a sign-up, in words for the person it is about. Opens no name, asks nobody."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from protocol.workshops import Attended, Called, Cancelled, Changed

from ...people.held import Held
from ...people.store import Deed, Erasure
from ...planning.seats import DESK
from ...projections.words import sane
from ...registry import Registry
from .deeds import WORDS

DESK_NAME: Final = "Par téléphone, à la fédération"
_ATTENDED: Final = {"present": "venu", "absent": "absent", "excused": "excusé"}


class Told(NamedTuple):
    """A sign-up, as the page shows it."""

    unit: str
    epoch: int
    seq: int
    number: int
    where: str
    """Name of the vehicle."""
    workshop: str
    made: datetime
    by_staff: bool
    people: int
    waiting: int
    sealed: bool
    """Whether there is still a name to open."""
    erased: datetime | None
    later: list[tuple[datetime, str]]
    deeds: list[tuple[datetime, str, str, str]]
    """When, who, what, why."""
    stop: str = ""
    """Name of the stop at which it was made."""


def told(held: Held, registry: Registry, deeds: list[Deed], title: str = "") -> Told:
    """In words, at the local time of the vehicle; `deeds`: the audit's lines about it."""
    line, zone = held.sign_up, ZoneInfo(registry.zone(held.sign_up.unit))
    return Told(
        unit=line.unit, epoch=line.row.epoch, seq=line.row.seq, number=line.event.number,
        where=where(line.unit, registry), workshop=title or line.event.workshop,
        made=at(line.received if line.utc is None else line.utc, zone),
        by_staff=line.event.by_staff, people=held.stands.seats, waiting=held.stands.waiting,
        sealed=line.envelope is not None,
        erased=None if line.erased is None else at(line.erased, zone),
        later=[
            (at(word.received if word.utc is None else word.utc, zone), words(word.event))
            for word in held.words
        ],
        deeds=[
            (at(each.at, zone), each.who, WORDS.get(each.deed, each.deed), each.reason)
            for each in deeds
        ],
    )  # fmt: skip


def words(event: Any) -> str:
    """What was told of a sign-up, in a few words."""
    if isinstance(event, Cancelled):
        return "annulée" if event.seats is None else f"{event.seats} place(s) rendue(s)"
    if isinstance(event, Changed):
        why = "à la demande de la personne" if event.cause == "asked" else "une place s'est libérée"
        waits = f", dont {event.waiting} en attente" if event.waiting else ""
        return f"{event.seats} place(s){waits} : {why}"
    if isinstance(event, Called):
        return "jointe au sujet d'une place" if event.reached else "appelée, sans réponse"
    if isinstance(event, Attended):
        return f"feuille de présence : {_ATTENDED.get(event.status, event.status)}"
    return str(event.TYPE)


def where(unit: str, registry: Registry) -> str:
    """Where a sign-up was made, as people call it."""
    if unit == DESK:
        return DESK_NAME
    vehicle = registry.of(unit)
    return vehicle.name if vehicle is not None else unit


def at(milliseconds: int, zone: ZoneInfo) -> datetime:
    """That moment by the clocks there."""
    return datetime.fromtimestamp(sane(milliseconds, 0) / 1000, zone)


def about(erasure: Erasure) -> str:
    """How the audit names the sign-up of an erasure."""
    return f"{erasure.unit} {erasure.epoch}/{erasure.seq}"
