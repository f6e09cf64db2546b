"""E5: every workshop of the period: seats, sign-ups, who came. For whoever runs the programme.

Who signed up by telephone is a line of its own, of no vehicle: whether they came is told by the
sheet of the vehicle, on its line.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from ..planning.seats import DESK
from . import words
from .activity import participants
from .columns import Cell, Column, Export, Row
from .facts import Facts
from .plans import Offered
from .published import Published
from .secrecy import HIDDEN, column, protect
from .telephone import Telephoned

E5: Final = Export(
    "e5_ateliers",
    "E5 Ateliers",
    "atelier et véhicule",
    (
        Column("periode", "Période"),
        Column("jour", "Jour (local)", "date"),
        Column("territoire", "Code du territoire"),
        Column("territoire_nom", "Territoire"),
        Column("vehicule", "Véhicule", description="Ou « Inscriptions par téléphone »."),
        Column("atelier", "Atelier"),
        Column("titre", "Titre"),
        Column("theme", "Thème"),
        Column("theme_libelle", "Thème, en clair"),
        Column("lieu", "Lieu"),
        Column("minutes", "Durée (minutes)", "integer"),
        Column("places", "Places", "integer"),
        Column("inscrits", "Inscrits", "integer", people=True),
        Column("en_attente", "En liste d’attente", "integer", people=True),
        Column("presents", "Présents", "integer", people=True),
        Column("absents", "Absents", "integer", people=True),
        Column("remplissage", "Taux de remplissage", "number", "Présents par place."),
        Column("absence", "Taux d’absence", "number", "Absents, parmi ceux dont on le sait."),
    ),
    funders=False,
)  # fmt: skip


TELEPHONE: Final = "Inscriptions par téléphone"
"""In place of a vehicle."""


class Held(msgspec.Struct, kw_only=True):
    """A workshop as one vehicle saw it."""

    unit: str
    id: str
    day: str
    offered: Offered | None = None
    signed: int = 0
    waiting: int = 0
    present: int = 0
    absent: int = 0


def held(facts: Facts) -> list[Held]:
    """Workshops of the period, by day; one nobody planned is of when people came."""
    found: dict[tuple[str, str], Held] = {}
    for offered in facts.offered:
        zone = ZoneInfo(facts.place(offered.unit).zone)
        day = datetime.fromtimestamp(offered.starts / 1000, zone).date().isoformat()
        key = (offered.unit, offered.id)
        found[key] = Held(unit=offered.unit, id=offered.id, day=day, offered=offered)
    for line in facts.attendances:
        each = _of(found, line.unit, line.workshop, line.day)
        each.present += line.people if line.status == "seen" else 0
        each.absent += line.people if line.status == "noshow" else 0
    for sign_up in facts.sign_ups:
        each = _of(found, sign_up.unit, sign_up.workshop, sign_up.day)
        each.signed += sign_up.seats - sign_up.waiting
        each.waiting += sign_up.waiting
    first, last = facts.period.first.isoformat(), facts.period.last.isoformat()
    inside = (each for each in found.values() if first <= each.day <= last and _was_held(each))
    return sorted(inside, key=lambda each: (each.day, each.unit, each.id))


def workshops(published: Published, territory: str | None) -> Iterator[Row]:
    """One line each; a line that would tell of few people hides all its counts."""
    facts = published.facts
    found = held(facts)
    hidden = _hidden(published, found)
    for each in found:
        if territory in (None, facts.place(each.unit).territory):
            yield _row(facts, each, (each.unit, each.id) in hidden)
    yield from _telephoned(published, territory)


def _telephoned(published: Published, territory: str | None) -> Iterator[Row]:
    """What is hidden of a territory's lines does not hang on which territory is asked for."""
    facts = published.facts
    first, last = facts.period.first.isoformat(), facts.period.last.isoformat()
    by: dict[str, list[Telephoned]] = defaultdict(list)
    for each in facts.telephoned:
        if first <= each.day <= last and territory in (None, each.territory):
            by[each.territory].append(each)
    for _, calls in sorted(by.items()):
        lines = [
            Held(unit=DESK, id=c.workshop, day=c.day, signed=c.signed, waiting=c.waiting)
            for c in calls
        ]
        hidden = _of_vehicle(lines, published.rules.threshold)
        for each in sorted(calls, key=lambda call: (call.day, call.workshop)):
            yield _call(facts, each, (DESK, each.workshop) in hidden)


def _call(facts: Facts, each: Telephoned, hides: bool) -> Row:
    return E5.row(
        {
            "periode": facts.period.name,
            "jour": each.day,
            "territoire": each.territory,
            "territoire_nom": each.territory_name,
            "vehicule": TELEPHONE,
            "atelier": each.workshop,
            "titre": each.title,
            "theme": each.theme,
            "theme_libelle": words.label("theme", each.theme),
            "lieu": each.place,
            "minutes": each.minutes,
            "inscrits": HIDDEN if hides else each.signed,
            "en_attente": HIDDEN if hides else each.waiting,
        }
    )


def _was_held(each: Held) -> bool:
    """Whether it is told of: one that was called off before anybody signed up never was."""
    gone = each.offered is not None and each.offered.withdrawn
    return not gone or any((each.signed, each.waiting, each.present, each.absent))


def _of(found: dict[tuple[str, str], Held], unit: str, workshop: str, day: str) -> Held:
    return found.setdefault((unit, workshop), Held(unit=unit, id=workshop, day=day))


def _hidden(published: Published, found: list[Held]) -> set[tuple[str, str]]:
    """Lines that hide: the small ones, and others of the vehicle until none can be worked out."""
    by: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for each in found:
        place = published.facts.place(each.unit)
        by[place.territory, place.vehicle].append(each)
    tree, hidden = participants(published), set[tuple[str, str]]()
    for path, lines in by.items():
        mine = {(each.unit, each.id) for each in lines}
        away = mine if tree.shown(*path) is None else _of_vehicle(lines, published.rules.threshold)
        hidden |= away
    return hidden


def _of_vehicle(lines: list[Held], threshold: int) -> set[tuple[str, str]]:
    hidden = set[tuple[str, str]]()
    while True:
        before = len(hidden)
        for measure in ("signed", "waiting", "present", "absent"):
            cells: dict[Hashable, int] = {
                (each.unit, each.id): getattr(each, measure) for each in lines
            }
            more = protect(column(cells), threshold, frozenset(hidden))
            if more is None:
                return {(each.unit, each.id) for each in lines}
            hidden |= {(e.unit, e.id) for e in lines if (e.unit, e.id) in more}
        if len(hidden) == before:
            return hidden


def _row(facts: Facts, each: Held, hides: bool) -> Row:
    place, offered = facts.place(each.unit), each.offered
    seats = offered.seats if offered else None
    known = each.present + each.absent
    counts: dict[str, Cell] = {
        "inscrits": each.signed,
        "en_attente": each.waiting,
        "presents": each.present,
        "absents": each.absent,
    }
    rates: dict[str, Cell] = {
        "remplissage": round(each.present / seats, 2) if seats else None,
        "absence": round(each.absent / known, 2) if known else None,
    }
    return E5.row(
        {
            "periode": facts.period.name,
            "jour": each.day,
            "territoire": place.territory,
            "territoire_nom": place.territory_name,
            "vehicule": place.vehicle,
            "atelier": each.id,
            "titre": offered.title if offered else None,
            "theme": offered.theme if offered else None,
            "theme_libelle": words.label("theme", offered.theme) if offered else None,
            "lieu": offered.place if offered else None,
            "minutes": offered.minutes if offered else None,
            "places": seats,
            **(dict.fromkeys(counts, HIDDEN) if hides else {**counts, **rates}),
        }
    )
