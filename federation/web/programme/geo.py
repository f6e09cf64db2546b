"""GeoJSON (RFC 7946) of stops and vehicles in reach: longitude first, WGS 84. Reads only."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from protocol import messages
from protocol.messages import Status

from ...planning import tours as planning
from ...projections.words import is_sane
from ..scope import Scope
from . import seating, tours

DAYS = 7
_DAY = 86_400_000
_STOPS = """
SELECT unit, epoch, seq, day, name, planned, commune, territory_class, zoning_year, arrived,
    departed, source, lat, lon
FROM stop WHERE arrived >= ? AND lat IS NOT NULL AND lon IS NOT NULL
"""


def stops(scope: Scope, now: int) -> list[dict[str, Any]]:
    """Planned ones of the next seven days, and those of the last seven."""
    with seating.ledger() as ledger:
        rows = [] if ledger is None else ledger.execute(_STOPS, (now - DAYS * _DAY,)).fetchall()
    return [*_planned(scope, now), *(_stop(scope, row) for row in rows if scope.reaches(row[0]))]


def units(scope: Scope) -> list[dict[str, Any]]:
    """By their last word; a vehicle that never said where it was has no geometry."""
    said = dict[str, Status]()
    with seating.ledger() as ledger:
        if ledger is not None:
            rows = ledger.execute("SELECT unit, status FROM unit WHERE status IS NOT NULL")
            said = {unit: messages.decode(bytes(told), Status) for unit, told in rows}
    return [_unit(vehicle, said.get(vehicle.unit)) for vehicle in scope.vehicles if vehicle.unit]


def _planned(scope: Scope, now: int) -> list[dict[str, Any]]:
    today, found = datetime.fromtimestamp(now / 1000, UTC).date(), []
    changes = tours.changes(today - timedelta(2))
    plan = tours.by_vehicle(tours.planned(), changes)
    for vehicle in scope.vehicles:
        local = datetime.fromtimestamp(now / 1000, ZoneInfo(vehicle.zone)).date()
        for day in planning.coming(plan.get(vehicle.id, []), changes, vehicle.id, local, DAYS):
            for stop in day.stops:
                told = {
                    "kind": "planned", "vehicle": vehicle.name, "unit": vehicle.unit,
                    "day": day.day, "tour": day.name, "stop": stop.id, "name": stop.name,
                    "commune": stop.commune, "opens": stop.opens, "closes": stop.closes,
                    "zone": vehicle.zone,
                }  # fmt: skip
                found.append(_feature(f"planned/{vehicle.id}/{day.day}/{stop.id}", stop, told))
    return found


class _At:
    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon


def _stop(scope: Scope, row: Any) -> dict[str, Any]:
    unit, epoch, seq, day, name, planned, commune, area, year, arrived, departed, source, *at = row
    vehicle = scope.registry.of(unit)
    told = {
        "kind": "stop", "vehicle": vehicle.name if vehicle else None, "unit": unit, "day": day,
        "name": name, "planned": planned, "commune": commune, "territory_class": area,
        "zoning_year": year, "arrived": _utc(arrived), "departed": _utc(departed),
        "source": source,
    }  # fmt: skip
    return _feature(f"stop/{unit}/{epoch}/{seq}", _At(*at), told)


def _unit(vehicle: Any, status: Status | None) -> dict[str, Any]:
    place = status.place if status else None
    told = {
        "vehicle": vehicle.name, "number": vehicle.id, "unit": vehicle.unit,
        "centre": vehicle.centre, "territory": vehicle.territory,
        "stop": place.name if place else None,
        "arrived": _utc(place.arrived) if place else None,
        "departed": _utc(place.departed) if place else None,
        "duty": status.duty if status else None, "told": _utc(status.utc) if status else None,
    }  # fmt: skip
    is_somewhere = place is not None and place.lat is not None and place.lon is not None
    return _feature(f"unit/{vehicle.unit}", place if is_somewhere else None, told)


def _feature(name: str, at: Any, told: dict[str, Any]) -> dict[str, Any]:
    point = None if at is None else {"type": "Point", "coordinates": [at.lon, at.lat]}
    return {"type": "Feature", "id": name, "geometry": point, "properties": told}


def _utc(moment: int | None) -> str | None:
    if moment is None or not is_sane(moment):
        return None
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat().replace("+00:00", "Z")
