"""E4: every stop, planned or made, with how many came. For whoever runs the vehicles."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from . import words
from .columns import Cell, Column, Export, Row
from .facts import Facts
from .places_shown import Places, passages_of
from .plans import Planned
from .published import Published
from .records import Stop
from .secrecy import HIDDEN

E4: Final = Export(
    "e4_arrets",
    "E4 Arrêts",
    "arrêt, prévu ou fait",
    (
        Column("periode", "Période"),
        Column("jour", "Jour (local)", "date"),
        Column("territoire", "Code du territoire"),
        Column("territoire_nom", "Territoire"),
        Column("vehicule", "Véhicule"),
        Column("etat", "État", values=("tenu", "hors_programme", "non_tenu")),
        Column("arret_prevu", "Arrêt prévu"),
        Column("lieu", "Lieu"),
        Column("commune", "Commune (INSEE)"),
        Column("classe", "Classe du lieu"),
        Column("classe_libelle", "Classe du lieu, en clair"),
        Column("annee_zonage", "Année du zonage", "integer"),
        Column("longitude", "Longitude du lieu prévu", "number"),
        Column("latitude", "Latitude du lieu prévu", "number"),
        Column("prevu_de", "Prévu de", "time"),
        Column("prevu_a", "Prévu à", "time"),
        Column("arrivee", "Arrivée (heure locale)", "time"),
        Column("depart", "Départ (heure locale)", "time"),
        Column("heures_ouvertes", "Heures à l’arrêt", "number"),
        Column("passages", "Passages", "integer", people=True),
        Column("motif", "Incident du jour"),
    ),
    funders=False,
)


def stops(published: Published, territory: str | None) -> Iterator[Row]:
    """Those made, then those that were planned and not made, by day."""
    facts = published.facts
    counted, hidden = passages_of(facts), Places(published).hidden_stops()
    plans = {(plan.unit, plan.day, plan.id): plan for plan in facts.planned}
    reasons = _reasons(facts)
    found: list[tuple[str, str, Row]] = []
    kept = set()
    for stop in facts.stops:
        plan = plans.get((stop.unit, stop.day, stop.planned or ""))
        kept.add((stop.unit, stop.day, stop.planned or ""))
        key = (stop.unit, stop.epoch, stop.seq)
        passages: Cell = HIDDEN if key in hidden else counted.get(key, 0)
        row = _made(published, stop, plan, passages, reasons.get((stop.unit, stop.day)))
        found.append((stop.day, stop.unit, row))
    for name, plan in plans.items():
        if name not in kept:
            row = _missed(published, plan, reasons.get((plan.unit, plan.day)))
            found.append((plan.day, plan.unit, row))
    for _, unit, row in sorted(found, key=lambda each: each[:2]):
        if territory in (None, facts.place(unit).territory):
            yield row


def _reasons(facts: Facts) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for incident in facts.incidents:
        found[incident.unit, incident.day].append(words.label("incident", incident.kind))
    return {key: ", ".join(dict.fromkeys(said)) for key, said in found.items()}


def _made(
    published: Published, stop: Stop, plan: Planned | None, passages: Cell, reason: str | None
) -> Row:
    zone = published.facts.place(stop.unit).zone
    return E4.row(
        {
            **_where(published, stop.unit, stop.day, stop.territory_class, stop.zoning_year),
            "etat": "hors_programme" if stop.planned is None else "tenu",
            "arret_prevu": stop.planned,
            "lieu": stop.name,
            "commune": stop.commune,
            **_planned(plan),
            "arrivee": clock(stop.arrived, zone),
            "depart": clock(stop.departed, zone),
            "heures_ouvertes": round(stop.hours, 2),
            "passages": passages,
            "motif": reason,
        }
    )


def _missed(published: Published, plan: Planned, reason: str | None) -> Row:
    return E4.row(
        {
            **_where(published, plan.unit, plan.day, plan.territory_class, plan.zoning_year),
            "etat": "non_tenu",
            "arret_prevu": plan.id,
            "lieu": plan.name,
            "commune": plan.commune,
            **_planned(plan),
            "heures_ouvertes": 0.0,
            "motif": reason,
        }
    )


def _where(
    published: Published, unit: str, day: str, class_: str | None, year: int | None
) -> dict[str, Cell]:
    place = published.facts.place(unit)
    return {
        "periode": published.facts.period.name,
        "jour": day,
        "territoire": place.territory,
        "territoire_nom": place.territory_name,
        "vehicule": place.vehicle,
        "classe": class_,
        "classe_libelle": words.label("territory_class", class_ or ""),
        "annee_zonage": year,
    }


def _planned(plan: Planned | None) -> dict[str, Cell]:
    """Where and when it was to be: the vehicle's own position goes after 60 days, this stays."""
    if plan is None:
        return {}
    return {
        "longitude": round(plan.lon, 5),
        "latitude": round(plan.lat, 5),
        "prevu_de": _minutes(plan.opens),
        "prevu_a": _minutes(plan.closes),
    }


def _minutes(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}:00"


def clock(moment: int | None, zone: str) -> str | None:
    """The local time of a moment in milliseconds."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment // 1000, ZoneInfo(zone)).strftime("%H:%M:%S")
