"""E1: what each vehicle did in the period, with the sums of territories and of the federation."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from .columns import Cell, Column, Export, Row
from .facts import Facts
from .published import Published
from .secrecy import HIDDEN
from .shapes import Tree

E1: Final = Export(
    "e1_activite",
    "E1 Activité",
    "période et véhicule, territoire ou fédération",
    (
        Column("periode", "Période"),
        Column("debut", "Premier jour", "date"),
        Column("fin", "Dernier jour", "date"),
        Column("niveau", "Niveau", values=("vehicule", "territoire", "federation")),
        Column("territoire", "Code du territoire"),
        Column("territoire_nom", "Territoire"),
        Column("centre", "Centre"),
        Column("vehicule", "Véhicule"),
        Column("unites", "Boîtiers", description="Ceux que le véhicule a portés."),
        Column("jours_de_sortie", "Jours de sortie", "integer"),
        Column("arrets_prevus", "Arrêts prévus", "integer"),
        Column("arrets_tenus", "Arrêts prévus et tenus", "integer"),
        Column("arrets_non_tenus", "Arrêts prévus et non tenus", "integer"),
        Column("arrets_hors_programme", "Arrêts hors programme", "integer"),
        Column("heures_ouvertes", "Heures aux arrêts", "number"),
        Column("demandes", "Demandes", "integer", "Une pour qui vient à plusieurs.", people=True),
        Column(
            "passages", "Passages", "integer",
            "Chaque personne chaque fois qu’elle vient, animations de rue comprises.", people=True,
        ),
        Column("animations", "Animations de rue", "integer"),
        Column("passages_animations", "dont passages en animation de rue", "integer", people=True),
        Column("repartis", "Demandes reparties sans être reçues", "integer", people=True),
        Column(
            "personnes_premiere_visite", "Personnes : premières visites déclarées", "integer",
            "Au moins : la première visite de l’année, quand elle est dite.", people=True,
        ),
        Column(
            "premiere_visite_non_precisee", "Passages dont on ne sait pas si c’est le premier",
            "integer", people=True,
        ),
        Column("ateliers", "Ateliers tenus", "integer"),
        Column("participants", "Participants aux ateliers", "integer", people=True),
        Column("incidents", "Incidents", "integer"),
    ),
)  # fmt: skip


class Work(NamedTuple):
    """What a vehicle did, people apart."""

    days: int = 0
    planned: int = 0
    kept: int = 0
    unplanned: int = 0
    hours: float = 0.0
    tallies: int = 0
    workshops: int = 0
    incidents: int = 0

    def plus(self, other: "Work") -> "Work":
        """Sums, field by field."""
        return Work._make(a + b for a, b in zip(self, other, strict=True))


def work(facts: Facts) -> dict[str, Work]:
    """Unit → what it did."""
    made = {(stop.unit, stop.day, stop.planned) for stop in facts.stops}
    unplanned = Counter(stop.unit for stop in facts.stops if stop.planned is None)
    planned = Counter(plan.unit for plan in facts.planned)
    kept = Counter(p.unit for p in facts.planned if (p.unit, p.day, p.id) in made)
    incidents = Counter(incident.unit for incident in facts.incidents)
    workshops = Counter(unit for unit, _ in held(facts))
    hours: dict[str, float] = defaultdict(float)
    for stop in facts.stops:
        hours[stop.unit] += stop.hours
    return {
        unit: Work(
            len(facts.heard.get(unit, ())), planned[unit], kept[unit], unplanned[unit],
            hours[unit], facts.tallies.get(unit, 0), workshops[unit], incidents[unit],
        )
        for unit in facts.units()
    }  # fmt: skip


def held(facts: Facts) -> set[tuple[str, str]]:
    """Unit and workshop of those that somebody attended in the period."""
    first, last = facts.period.first.isoformat(), facts.period.last.isoformat()
    return {
        (line.unit, line.workshop)
        for line in facts.attendances
        if line.status == "seen" and first <= line.day <= last
    }


def participants(published: Published) -> Tree:
    """People who were at workshops, by vehicle."""
    facts = published.facts
    first, last = facts.period.first.isoformat(), facts.period.last.isoformat()
    values: dict[str, int] = defaultdict(int)
    for line in facts.attendances:
        if line.status == "seen" and first <= line.day <= last:
            values[line.unit] += line.people
    return published.tree(values)


def trees(published: Published) -> dict[str, Tree]:
    """Column → the measure in it."""
    return {
        "demandes": published.demands,
        "passages": published.passages,
        "passages_animations": published.street,
        "repartis": published.unserved,
        "personnes_premiere_visite": published.first_visits,
        "premiere_visite_non_precisee": published.first_unknown,
        "participants": participants(published),
    }


def activity(published: Published, territory: str | None) -> Iterator[Row]:
    """The lines of vehicles, then of territories, then of the federation unless one was asked."""
    facts, measures = published.facts, trees(published)
    done = work(facts)
    vehicles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit in facts.units():
        place = facts.place(unit)
        vehicles[place.territory, place.vehicle].append(unit)
    wanted = sorted(path for path in vehicles if territory in (None, path[0]))
    for path in wanted:
        units = vehicles[path]
        place = facts.place(units[0])
        yield _row(published, measures, path, _sum(done, units),
                   centre=place.centre, vehicule=place.vehicle, unites=" ".join(units))  # fmt: skip
    for code in dict.fromkeys(path[0] for path in wanted):
        units = [unit for path in wanted if path[0] == code for unit in vehicles[path]]
        yield _row(published, measures, (code,), _sum(done, units))
    if territory is None:
        yield _row(published, measures, (), _sum(done, done))


def _sum(done: Mapping[str, Work], units: Iterable[str]) -> Work:
    found = Work()
    for unit in units:
        found = found.plus(done.get(unit, Work()))
    return found


_LEVELS: Final = ("federation", "territoire", "vehicule")


def _row(
    published: Published,
    measures: Mapping[str, Tree],
    path: tuple[str, ...],
    done: Work,
    **values: Cell,
) -> Row:
    period = published.facts.period
    shown = {name: tree.shown(*path) for name, tree in measures.items()}
    return E1.row(
        {
            "periode": period.name,
            "debut": period.first.isoformat(),
            "fin": period.last.isoformat(),
            "niveau": _LEVELS[len(path)],
            "territoire": path[0] if path else "",
            "territoire_nom": published.territory_name(path[0]) if path else "",
            "jours_de_sortie": done.days,
            "arrets_prevus": done.planned,
            "arrets_tenus": done.kept,
            "arrets_non_tenus": done.planned - done.kept,
            "arrets_hors_programme": done.unplanned,
            "heures_ouvertes": round(done.hours, 1),
            "animations": done.tallies,
            "ateliers": done.workshops,
            "incidents": done.incidents,
            **{name: HIDDEN if value is None else value for name, value in shown.items()},
            **values,
        }
    )
