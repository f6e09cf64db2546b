"""E6 and E7: how the vehicles were at work, how complete what they told is. No people in them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from protocol.codes import NOT_STATED

from .columns import Cell, Column, Export, Row
from .facts import Facts
from .published import Published
from .records import Duty, Incident

E6: Final = Export(
    "e6_parc",
    "E6 Parc",
    "véhicule et mois",
    (
        Column("mois", "Mois", "yearmonth"),
        Column("territoire", "Code du territoire"),
        Column("territoire_nom", "Territoire"),
        Column("vehicule", "Véhicule"),
        Column("jours_prevus", "Jours prévus", "integer"),
        Column("jours_de_sortie", "Jours de sortie", "integer"),
        Column("jours_prevus_sortis", "Jours prévus et sortis", "integer"),
        Column(
            "disponibilite", "Disponibilité", "number", "Jours prévus et sortis, par jour prévu."
        ),
        Column("heures_de_service", "Heures de service", "number", "Pauses déduites."),
        Column("incidents", "Incidents", "integer"),
        Column("pannes", "dont pannes", "integer", "Véhicule, courant ou matériel."),
        Column("minutes_de_retard", "Minutes de retard", "integer"),
        Column("demarrages", "Démarrages du boîtier", "integer"),
        Column("versions", "Versions du logiciel"),
    ),
    funders=False,
)
E7: Final = Export(
    "e7_completude",
    "E7 Complétude",
    "boîtier et période",
    (
        Column("periode", "Période"),
        Column("territoire", "Code du territoire"),
        Column("territoire_nom", "Territoire"),
        Column("vehicule", "Véhicule"),
        Column("boitier", "Boîtier"),
        Column("complet_jusqu_au", "Complet jusqu’au", "string", "UTC ; vide : rien n’est venu."),
        Column("a_bord", "Faits encore à bord", "integer", "Vide : inconnu."),
        Column("illisibles", "Faits illisibles ou perdus", "integer"),
        Column("manque", "Manque pour la période", "string", values=("oui", "non")),
        Column("genre_non_precise", "Part sans genre", "number"),
        Column("age_non_precise", "Part sans tranche d’âge", "number"),
        Column("theme_non_precise", "Part sans thème", "number"),
    ),
)
_Month = tuple[str, str]
_BROKEN: Final = frozenset({"breakdown", "power", "equipment"})
_ENOUGH: Final = 20
"""Passages below which a share would tell of few people."""


class Completeness(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what a unit noted is here."""

    unit: str
    complete_to: int | None = None
    """Milliseconds since 1970: everything up to then is here; None: nothing ever came."""
    waiting: int | None = None
    """Events that it still holds; None: not known."""
    lost: int = 0
    """Rows that came unreadable, or as the word that they are lost."""


def machines(published: Published, territory: str | None) -> Iterator[Row]:
    """E6."""
    facts = published.facts
    months = _Months(facts)
    for month in facts.period.months():
        for path, units in _vehicles(facts, territory).items():
            yield _month(facts, months, month, path, units)


def completeness(
    published: Published, known: Mapping[str, Completeness], territory: str | None
) -> Iterator[Row]:
    """E7."""
    facts = published.facts
    shares = {name: _shares(facts, axis, at) for name, (axis, at) in _SHARES.items()}
    for unit in facts.units():
        place = facts.place(unit)
        if territory not in (None, place.territory):
            continue
        told = known.get(unit, Completeness(unit=unit))
        yield E7.row(
            {
                "periode": facts.period.name,
                "territoire": place.territory,
                "territoire_nom": place.territory_name,
                "vehicule": place.vehicle,
                "boitier": unit,
                "complet_jusqu_au": stamp(told.complete_to),
                "a_bord": told.waiting,
                "illisibles": told.lost,
                "manque": "oui" if lacks(facts, told) else "non",
                **{name: share.get(unit) for name, share in shares.items()},
            }
        )


def lacks(facts: Facts, told: Completeness) -> bool:
    """Whether something of the period may still be on the unit."""
    return told.complete_to is None or told.complete_to < end_of(facts, told.unit)


def end_of(facts: Facts, unit: str) -> int:
    """Milliseconds since 1970: midnight after the last day, where the unit's vehicle is."""
    day = facts.period.last + timedelta(1)
    zone = ZoneInfo(facts.place(unit).zone)
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)


def stamp(moment: int | None) -> str:
    """A moment in milliseconds as UTC, to the minute; empty: none."""
    if moment is None:
        return ""
    return datetime.fromtimestamp(moment // 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")


def _vehicles(facts: Facts, territory: str | None) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit in facts.units():
        place = facts.place(unit)
        if territory in (None, place.territory):
            found[place.territory, place.vehicle].append(unit)
    return dict(sorted(found.items()))


class _Months:
    """What happened, by unit and local month."""

    def __init__(self, facts: Facts) -> None:
        self.planned: dict[_Month, set[str]] = defaultdict(set)
        self.out: dict[_Month, set[str]] = defaultdict(set)
        self.duties: dict[_Month, list[Duty]] = defaultdict(list)
        self.incidents: dict[_Month, list[Incident]] = defaultdict(list)
        self.boots: dict[_Month, list[str]] = defaultdict(list)
        for plan in facts.planned:
            self.planned[plan.unit, plan.day[:7]].add(plan.day)
        for unit, days in facts.heard.items():
            for day in days:
                self.out[unit, day[:7]].add(day)
        for duty in facts.duties:
            self.duties[duty.unit, duty.day[:7]].append(duty)
        for incident in facts.incidents:
            self.incidents[incident.unit, incident.day[:7]].append(incident)
        for unit, utc, version in facts.boots:
            self.boots[unit, facts.local(unit, utc).strftime("%Y-%m")].append(version)


def _month(
    facts: Facts, months: _Months, month: str, path: tuple[str, str], units: Sequence[str]
) -> Row:
    mine = [(unit, month) for unit in units]
    planned = {day for each in mine for day in months.planned[each]}
    out = {day for each in mine for day in months.out[each]}
    incidents = [incident for each in mine for incident in months.incidents[each]]
    on_duty = sum(
        max(0, duty.ended - duty.started - duty.paused_ms)
        for each in mine
        for duty in months.duties[each]
        if duty.ended is not None and duty.started is not None
    )
    versions = [version for each in mine for version in months.boots[each]]
    values: dict[str, Cell] = {
        "mois": month,
        "territoire": path[0],
        "territoire_nom": facts.place(min(units)).territory_name,
        "vehicule": path[1],
        "jours_prevus": len(planned),
        "jours_de_sortie": len(out),
        "jours_prevus_sortis": len(planned & out),
        "disponibilite": round(len(planned & out) / len(planned), 2) if planned else None,
        "heures_de_service": round(on_duty / 3_600_000, 1),
        "incidents": len(incidents),
        "pannes": sum(1 for each in incidents if each.kind in _BROKEN),
        "minutes_de_retard": sum(each.minutes or 0 for each in incidents if each.kind == "delay"),
        "demarrages": len(versions),
        "versions": " ".join(sorted(set(versions))),
    }
    return E6.row(values)


_SHARES: Final = {
    "genre_non_precise": ("gender_age", 1),
    "age_non_precise": ("gender_age", 2),
    "theme_non_precise": ("theme", 1),
}


def _shares(facts: Facts, axis: str, at: int) -> dict[str, float]:
    """Unit → share of passages that say nothing; none where it would tell of few people."""
    whole, blank = Counter[str](), Counter[str]()
    for key, counts in facts.counts[axis].items():
        whole[key[0]] += counts.people
        blank[key[0]] += counts.people if key[at] in (NOT_STATED, "") else 0
    return {
        unit: round(blank[unit] / count, 1) for unit, count in whole.items() if count >= _ENOUGH
    }
