"""Which vehicle a unit rides in, its centre and territory, its time zone. Reads; never writes.

A vehicle outlives its boxes and keeps one series: everything people count is told by vehicle. The
tables are the web's (federation/web/fleet); ingest reads them for the zones, commands for scoping.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from .database import Database

ZONE: Final = "Europe/Paris"
"""Of a unit that is in no vehicle yet."""
NO_TERRITORY: Final = "(hors registre)"

_BOXES = """
SELECT box.unit, box.since, box.until, vehicle.id, vehicle.name, vehicle.kind, vehicle.zone,
    vehicle.target_people, vehicle.target_measure, vehicle.retired,
    centre.id, centre.name, territory.id, territory.code, territory.name
FROM vehicle
JOIN centre ON centre.id = vehicle.centre_id
JOIN territory ON territory.id = centre.territory_id
LEFT JOIN box ON box.vehicle_id = vehicle.id
ORDER BY territory.name, vehicle.name, box.since
"""


class Box(NamedTuple):
    """A unit in a vehicle, from when to when (milliseconds since 1970)."""

    unit: str
    since: int
    until: int | None


class Vehicle(NamedTuple):
    """What people see on the road."""

    id: int
    name: str
    kind: str
    """camion, camping-car or triporteur."""
    zone: str
    """IANA."""
    target_people: int | None
    target_measure: str
    """What the target counts: passages, personnes or participants."""
    retired: bool
    centre_id: int
    centre: str
    territory_id: int
    territory_code: str
    territory: str
    boxes: tuple[Box, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """Every unit that ever rode in it."""
        return tuple(box.unit for box in self.boxes)

    @property
    def unit(self) -> str | None:
        """The one that rides in it now."""
        return next((box.unit for box in reversed(self.boxes) if box.until is None), None)


class Registry:
    """All vehicles, by unit."""

    def __init__(self, vehicles: Iterable[Vehicle]) -> None:
        self.vehicles = tuple(vehicles)
        self._of = {unit: vehicle for vehicle in self.vehicles for unit in vehicle.units}

    def of(self, unit: str) -> Vehicle | None:
        """The vehicle a unit rides or rode in."""
        return self._of.get(unit)

    def zone(self, unit: str) -> str:
        """The zone that cuts this unit's days."""
        vehicle = self.of(unit)
        return vehicle.zone if vehicle else ZONE

    def territory(self, unit: str) -> str:
        """Name of its territory."""
        vehicle = self.of(unit)
        return vehicle.territory if vehicle else NO_TERRITORY

    def territories(self) -> dict[str, str]:
        """Code → name of every territory that has a vehicle, by name."""
        return {each.territory_code: each.territory for each in self.vehicles}


def read(web: Database) -> Registry:
    """The registry as it is now; empty before the web ever ran."""
    if not _has_tables(web):
        return Registry(())
    found: dict[int, Vehicle] = {}
    for unit, since, until, *rest in web.execute(_BOXES):
        number, name, kind, zone, target, measure, retired, *where = rest
        known = found.get(number) or Vehicle(
            number, name, kind, zone, target, measure, bool(retired), *where
        )
        boxes = (*known.boxes, Box(unit, since, until)) if unit is not None else known.boxes
        found[number] = known._replace(boxes=boxes)
    return Registry(found.values())


def _has_tables(web: Database) -> bool:
    query = {
        "sqlite": "SELECT count(*) FROM sqlite_schema WHERE name = 'box'",
        "postgresql": "SELECT count(*) FROM information_schema.tables"
        " WHERE table_schema = 'web' AND table_name = 'box'",
    }[web.kind]
    return bool(web.execute(query).fetchone()[0])
