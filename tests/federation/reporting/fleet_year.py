"""A year of a small fleet, the same each time: five vehicles, two of them overseas.

It fills the tables for reading as the projections would, and the sums with the projections' own
counting. `world(...)` gives them with a registry and the plans.
"""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from federation.database import Database
from federation.projections import counting
from federation.projections.duties import DutyRow
from federation.projections.rows import OF
from federation.projections.singles import IncidentRow, JourneyRow
from federation.projections.stops import StopRow
from federation.projections.tables import STEP
from federation.projections.visits import TallyRow, VisitRow
from federation.projections.workshops import AttendanceRow, SignUpRow
from federation.registry import Box, Registry, Vehicle
from federation.reporting.plans import Plans, plans_of
from federation.sqlite import SqliteDatabase

YEAR = 2026
_OTHER_TABLES = """
CREATE TABLE sealed (event INTEGER PRIMARY KEY, envelope BLOB, erased INTEGER);
CREATE TABLE event (id INTEGER PRIMARY KEY, unit TEXT, epoch INTEGER, seq INTEGER, type TEXT);
"""


class Spot(NamedTuple):
    """Where a vehicle stands."""

    id: str
    name: str
    commune: str
    lat: float
    lon: float
    zone: str
    busy: float
    """Mean number of people of a half-day."""


class Van(NamedTuple):
    """A vehicle of the generated fleet."""

    unit: str
    vehicle: Vehicle
    weekdays: tuple[int, ...]
    spots: tuple[Spot, ...]


def vehicle(
    number: int,
    unit: str,
    name: str,
    zone: str,
    where: tuple[int, str, str, str],
    target: tuple[int | None, str] = (None, "passages"),
    kind: str = "camion",
) -> Vehicle:
    """A vehicle with one box since 2024."""
    territory, code, territory_name, centre = where
    return Vehicle(
        number, name, kind, zone, target[0], target[1], False, number, centre, territory, code,
        territory_name, (Box(unit, 1_704_067_200_000, None),),
    )  # fmt: skip


BOULONNAIS = (1, "62-boulonnais", "Boulonnais")
VANS = (
    Van(
        "van-germaine",
        vehicle(1, "van-germaine", "Camion Germaine", "Europe/Paris",
                (*BOULONNAIS, "Centre social du Portel"), (3000, "passages")),
        (0, 1, 2, 3, 4),
        (
            Spot("portel", "Place de l’Église", "62667", 50.7079, 1.5741, "qpv", 15),
            Spot("outreau", "Marché d’Outreau", "62643", 50.7035, 1.5897, "qpv", 11),
            Spot("samer", "Place Foch", "62773", 50.6383, 1.7462, "frr", 8),
            Spot("desvres", "Place Léon-Blum", "62268", 50.6692, 1.8346, "frr", 9),
        ),
    ),
    Van(
        "trike-citoyen",
        vehicle(2, "trike-citoyen", "Triporteur citoyen", "Europe/Paris",
                (*BOULONNAIS, "Centre social Éclaté"), (400, "participants"), "triporteur"),
        (2, 4),
        (
            Spot("chemin-vert", "Chemin-Vert", "62160", 50.7301, 1.6053, "qpv", 7),
            Spot("ruelle", "Rue de la Ruelle", "62160", 50.7222, 1.6120, "hors", 3),
        ),
    ),
    Van(
        "van-vendee",
        vehicle(3, "van-vendee", "La Roulotte", "Europe/Paris",
                (2, "85-bocage", "Bocage vendéen", "Centre social du Bocage"), (1500, "personnes"),
                "camping-car"),
        (1, 3),
        (
            Spot("pouzauges", "Place du Marché", "85182", 46.7829, -0.8374, "frr", 7),
            Spot("chataigneraie", "Mairie", "85059", 46.6484, -0.7386, "frr", 6),
            Spot("mallievre", "École", "85134", 46.9053, -0.8618, "frr", 1.2),
        ),
    ),
    Van(
        "van-maroni",
        vehicle(4, "van-maroni", "Pirogue à roulettes", "America/Cayenne",
                (3, "973-maroni", "Ouest guyanais", "Centre social du Maroni"), (2500, "passages")),
        (0, 2, 4),
        (
            Spot("charbonniere", "La Charbonnière", "97311", 5.4990, -54.0310, "qpv", 16),
            Spot("apatou", "Bourg d’Apatou", "97360", 5.1590, -54.3440, "rural", 10),
        ),
    ),
    Van(
        "van-karukera",
        vehicle(5, "van-karukera", "Kannaval", "America/Guadeloupe",
                (4, "971-grande-terre", "Grande-Terre", "Centre social du Raizet")),
        (1, 4),
        (
            Spot("raizet", "Le Raizet", "97101", 16.2681, -61.5150, "qpv", 12),
            Spot("canal", "Petit-Canal", "97119", 16.3789, -61.4853, "rural", 5),
        ),
    ),
)  # fmt: skip

_THEMES = ("social_sante", "famille_scolarite", "argent_impots", "travail_formation", "logement",
           "insertion_professionnelle", "justice", "diagnostic_numerique", "etrangers_europe",
           "lien_social", "non_communique")  # fmt: skip
_AGES = ("moins_de_douze", "douze_dix_huit", "dix_huit_vingt_quatre", "vingt_cinq_trente_neuf",
         "quarante_cinquante_neuf", "soixante_soixante_neuf", "soixante_dix_plus",
         "non_communique")  # fmt: skip


class World(NamedTuple):
    """All that reports are made from."""

    database: Database
    registry: Registry
    plans: Plans


@cache
def _content(year: int, seed: int) -> tuple[str, str]:
    return Maker(year, seed).content()


def world(path: Path, *, year: int = YEAR, seed: int = 7, extra: str = "") -> World:
    """A fresh copy in a file; `extra`: SQL on top of it."""
    dump, plans = _content(year, seed)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("CREATE TABLE unit (unit TEXT PRIMARY KEY);" + dump + extra)
    published = [(unit, kind, body.encode()) for unit, kind, body in json.loads(plans)]
    registry = Registry(van.vehicle for van in VANS)
    return World(SqliteDatabase(connection, path), registry, plans_of(published))


def filled(year: int = YEAR, seed: int = 7) -> "Maker":
    """Rows and documents, for a store that has its tables already."""
    maker = Maker(year, seed)
    maker.make()
    return maker


class Maker:
    """Draws the year."""

    def __init__(self, year: int, seed: int) -> None:
        self.year, self.dice = year, random.Random(seed)
        self.rows: dict[str, list[Any]] = {table.name: [] for table in OF.values()}
        self.documents: list[tuple[str, str, dict[str, Any]]] = []
        self.seq = 0

    def content(self) -> tuple[str, str]:
        """The tables as SQL, and the documents as JSON."""
        self.make()
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
            memory.executescript(_OTHER_TABLES + STEP)
            for name, rows in self.tables():
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    names = ", ".join(rows[0]._fields)
                    memory.executemany(f"INSERT INTO {name} ({names}) VALUES ({marks})", rows)
            dump = "\n".join(memory.iterdump())
        documents = [(unit, kind, json.dumps(body)) for unit, kind, body in self.documents]
        return dump, json.dumps(documents)

    def tables(self) -> list[tuple[str, list[Any]]]:
        """Table name and rows, the sums too."""
        sums = counting.count([*self.rows["visit"], *self.rows["tallied"]])
        found = list(self.rows.items())
        return [*found, ("aggregate", [Sum(*cell, *each) for cell, each in sorted(sums.items())])]

    def make(self) -> None:
        """All vehicles, day by day."""
        for van in VANS:
            tours = []
            for day in self._days(van):
                spots = van.spots[day.toordinal() % 2 :: 2] or van.spots[:1]
                tours.append(self._tour(van, day, spots))
                if self.dice.random() > 0.04:
                    self._day(van, day, spots)
            self.documents.append((van.unit, "tour", {"tours": tours}))
            self._workshops(van)

    def _days(self, van: Van) -> Iterator[date]:
        day = date(self.year, 1, 5)
        while day.year == self.year:
            holidays = day.month == 8 or (day.month, day.day) > (12, 20)
            if day.weekday() in van.weekdays and not holidays:
                yield day
            day += timedelta(1)

    def _tour(self, van: Van, day: date, spots: tuple[Spot, ...]) -> dict[str, Any]:
        stops = [
            {"id": spot.id, "name": spot.name, "lat": spot.lat, "lon": spot.lon,
             "commune": spot.commune, "opens": 540 + 210 * i, "closes": 690 + 210 * i,
             "territory_class": spot.zone, "zoning_year": 2024}
            for i, spot in enumerate(spots)
        ]  # fmt: skip
        return {"day": day.isoformat(), "name": van.vehicle.name, "stops": stops}

    def _day(self, van: Van, day: date, spots: tuple[Spot, ...]) -> None:
        start = self._at(van, day, 8, 30)
        key = self._key()
        self.rows["duty"].append(
            DutyRow(van.unit, *key, day.isoformat(), start, start + 9 * 3_600_000, 2_700_000)
        )
        self.rows["journey"].append(
            JourneyRow(van.unit, *self._key(), start, 1, "unit.booted", '{"version":"0.4.0"}')
        )
        if self.dice.random() < 0.05:
            kind = self.dice.choice(("delay", "breakdown", "weather", "place_taken"))
            late = self.dice.choice((10, 20, 40)) if kind == "delay" else None
            at = (van.unit, *self._key(), start, 1, day.isoformat())
            self.rows["incident"].append(IncidentRow(*at, kind, late, None, None))
        for i, spot in enumerate(spots):
            if self.dice.random() > 0.03:
                self._stop(van, day, spot, 9 * 60 + 210 * i)

    def _stop(self, van: Van, day: date, spot: Spot, minute: int) -> None:
        arrived = self._at(van, day, 0, minute + self.dice.randint(-10, 15))
        departed = arrived + self.dice.randint(130, 165) * 60_000
        key = self._key()
        self.rows["stop"].append(StopRow(
            van.unit, *key, day.isoformat(), "both", arrived, departed, 0, spot.lat, spot.lon,
            spot.name, spot.id, spot.commune, spot.zone, 2024))  # fmt: skip
        season = 1.25 if day.month in (1, 5, 9, 10) else 1.0
        count = self._poisson(spot.busy * season)
        for number in range(1, count + 1):
            self._visit(van, day, spot, key, number, arrived)
        if self.dice.random() < 0.04:
            self._tally(van, day, spot, key, arrived)

    def _visit(
        self, van: Van, day: date, spot: Spot, stop: tuple[int, int], number: int, begin: int
    ) -> None:
        at, pick = begin + self.dice.randint(0, 7_200_000), self.dice.choices
        served = self.dice.random() < 0.94
        described = served and self.dice.random() < 0.85
        theme = pick(_THEMES, (20, 14, 16, 12, 8, 9, 4, 9, 3, 8, 5))[0]
        hour = datetime.fromtimestamp(at / 1000, ZoneInfo(van.vehicle.zone)).strftime("%H")
        row = VisitRow(
            unit=van.unit, epoch=7, seq=self._key()[1], utc=at, dated=1, day=day.isoformat(),
            hour=hour, number=number, door="sante", theme=theme,
            people=pick((1, 2, 3), (86, 11, 3))[0], by_staff=int(self.dice.random() < 0.2),
            stop_epoch=stop[0], stop_seq=stop[1], stop_commune=spot.commune,
            territory_class=spot.zone, zoning_year=2024,
            received_at=at + 600_000 if served else None,
            left_at=None if served else at + 1_500_000,
            cancelled="mistake" if self.dice.random() < 0.01 else None,
        )  # fmt: skip
        self.rows["visit"].append(row._replace(**self._words()) if described else row)

    def _words(self) -> dict[str, Any]:
        pick = self.dice.choices
        return {
            "described": 1,
            "help_level": pick(
                ("information", "accompagnement", "non_communique"), (30, 60, 10)
            )[0],
            "gender": pick(("feminin", "masculin", "non_communique"), (55, 40, 5))[0],
            "age_band": pick(_AGES, (1, 4, 8, 22, 26, 18, 14, 7))[0],
            "social_status": pick(
                ("retraite", "sans_emploi", "en_emploi", "scolarise", "non_communique"),
                (30, 34, 20, 4, 12),
            )[0],
            "first_visit": pick(
                ("oui", "non", "ne_sait_pas", "non_communique"), (34, 42, 5, 19)
            )[0],
            "known_via": pick(("bouche_a_oreille", "mairie", "passage", "non_communique"),
                              (40, 20, 20, 20))[0],
            "themes": "", "duration_minutes": pick((15, 30, 45, 60), (30, 40, 20, 10))[0],
            "place_type": "autre", "materials": pick(("ordinateur", "telephone", "aucun"))[0],
            "autonomy": "partiellement_autonome",
            "mode": pick(("forme", "accompagne", "fait", "non_communique"), (15, 50, 25, 10))[0],
            "referral": pick(("non_communique", "administration", "aide_sociale", "autre"),
                             (70, 12, 12, 6))[0],
        }  # fmt: skip

    def _tally(self, van: Van, day: date, spot: Spot, stop: tuple[int, int], at: int) -> None:
        key = self._key()
        for age in _AGES[:4]:
            for gender in ("feminin", "masculin"):
                count = self._poisson(2.5)
                if count:
                    self.rows["tallied"].append(TallyRow(
                        van.unit, *key, at, 1, day.isoformat(), "10", "lien_social", *stop,
                        spot.commune, spot.zone, 2024, age, gender, count, 90, 1))  # fmt: skip

    def _workshops(self, van: Van) -> None:
        offered = []
        for month in range(1, 13):
            if month == 8:
                continue
            day = date(self.year, month, 12)
            name, starts = f"{van.unit}-{month:02d}", self._at(van, day, 14, 0)
            seats = self.dice.choice((8, 10, 12))
            offered.append({
                "id": name, "title": self.dice.choice(("Ameli pas à pas", "Mon CV", "Bien dormir")),
                "starts": starts, "minutes": 90, "theme": self.dice.choice(_THEMES[:8]),
                "place": van.spots[0].name, "seats": seats})  # fmt: skip
            self._sign_ups(van, day, name, starts, seats)
        self.documents.append((van.unit, "programme", {"workshops": offered}))

    def _sign_ups(self, van: Van, day: date, name: str, starts: int, seats: int) -> None:
        taken = 0
        for number in range(1, self._poisson(seats * 0.8) + 1):
            people = self.dice.choice((1, 1, 1, 2))
            waiting = max(0, taken + people - seats)
            taken += people - waiting
            key = self._key()
            self.rows["signed_up"].append(SignUpRow(
                van.unit, *key, starts - 86_400_000, 1, (day - timedelta(1)).isoformat(), name,
                number, people, waiting, *key, 0, None, None, key[1]))  # fmt: skip
            if not waiting:
                status = self.dice.choices(("seen", "noshow", "excused"), (82, 12, 6))[0]
                self.rows["attendance"].append(AttendanceRow(
                    van.unit, *self._key(), starts, 1, day.isoformat(), name, status, people,
                    van.unit, *key))  # fmt: skip
        if self.dice.random() < 0.4:
            self.rows["attendance"].append(AttendanceRow(
                van.unit, *self._key(), starts, 1, day.isoformat(), name, "seen", 1,
                None, None, None))  # fmt: skip

    def _at(self, van: Van, day: date, hour: int, minute: int) -> int:
        begin = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(van.vehicle.zone))
        return int(begin.astimezone(UTC).timestamp() * 1000) + (hour * 60 + minute) * 60_000

    def _key(self) -> tuple[int, int]:
        self.seq += 1
        return 7, self.seq

    def _poisson(self, mean: float) -> int:
        """Counts arrivals in a unit of time."""
        count, left = 0, self.dice.expovariate(mean)
        while left < 1:
            count, left = count + 1, left + self.dice.expovariate(mean)
        return count


class Sum(NamedTuple):
    """A row of `aggregate`."""

    period: str
    axis: str
    unit: str
    a: str
    b: str
    c: str
    visits: int
    people: int
    tallied: int
    served: int
    left_unserved: int
    minutes: int
