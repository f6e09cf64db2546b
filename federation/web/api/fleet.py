"""Vehicles, units and their completeness for the interface, from the fleet's board. Reads only."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count

from ...fleet_facts import UnitFacts, VehicleFacts
from ...registry import Vehicle as Known
from .. import store
from ..alerts.models import Alert
from ..fleet import board
from ..scope import Scope
from . import paging
from .problems import Refused
from .shapes import Completeness, OfUnit, Page, Paged, Territory, UnitState, Vehicle


def vehicles(scope: Scope, query: Paged) -> Page[Any]:
    """Those in reach, by number."""
    alerts = _alerts()
    return paging.of_all(
        _vehicles(scope), query, lambda one: f"{one[0].id:010}", lambda one: _vehicle(*one, alerts)
    )


def vehicle(scope: Scope, number: int) -> Vehicle:
    """One of them. Raises Refused: there is none, or not in reach."""
    for known, one in _vehicles(scope):
        if known.id == number:
            return _vehicle(known, one, _alerts())
    raise Refused(404, "There is no such vehicle within this token's reach.")


def units(scope: Scope, query: OfUnit) -> Page[Any]:
    """Units that ride in a vehicle in reach; for the federation, those in none too."""
    return paging.of_all(_boxes(scope, query.unit), query, lambda pair: pair[1].unit, _unit)


def completeness(scope: Scope, query: OfUnit) -> Page[Any]:
    """How far what each has noted has come."""
    return paging.of_all(_boxes(scope, query.unit), query, lambda pair: pair[1].unit, _complete)


def at(moment: int | None) -> datetime | None:
    """Milliseconds since 1970 as the interface says a moment; a clock may have said anything."""
    if moment is None:
        return None
    try:
        return datetime.fromtimestamp(moment / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _board() -> board.Board:
    return board.of(store.config().store)


def _vehicles(scope: Scope) -> Iterator[tuple[Known, VehicleFacts]]:
    kept = _board()
    for each in scope.vehicles:
        found = kept.facts(f"v{each.id}")
        if found is not None:
            yield each, found


def _boxes(scope: Scope, unit: str | None) -> Iterator[tuple[VehicleFacts, UnitFacts]]:
    known = _board()
    found = [facts for _, facts in _vehicles(scope)]
    if scope.everything:
        strangers = (known.facts(key) for key in known.shown() if key.startswith("u:"))
        found += [one for one in strangers if one is not None]
    for one in found:
        if one.box is not None and unit in (None, one.box.unit):
            yield one, one.box


def _alerts() -> Mapping[str, int]:
    """Subject → open alerts."""
    found = Alert.objects.filter(state="open").order_by("subject").values_list("subject")
    return dict(found.annotate(Count("pk")))


def _vehicle(known: Known, one: VehicleFacts, alerts: Mapping[str, int]) -> Vehicle:
    verdict = one.standing
    return Vehicle(
        id=known.id, name=known.name, kind=known.kind, centre=known.centre,
        territory=Territory(code=known.territory_code, name=known.territory), zone=known.zone,
        unit=known.unit, retired=known.retired, state=verdict.state, since=at(verdict.since),
        why=verdict.why, place=verdict.place, open_alerts=alerts.get(one.key, 0),
    )  # fmt: skip


def _unit(pair: tuple[VehicleFacts, UnitFacts]) -> UnitState:
    one, box = pair
    word = box.word
    return UnitState(
        unit=box.unit,
        vehicle=one.vehicle.id if one.vehicle else None,
        link=box.link,
        heard=at(box.heard),
        version=one.version,
        duty=word.duty if word else None,
        backlog=box.backlog,
        complete_to=at(box.complete_to),
        gps=word.gps.state if word and word.gps else None,
        disk_free=word.disk_free if word else None,
        battery_volts=word.battery_volts if word else None,
        certificate_until=at(box.certificate_until),
        documents=word.documents if word else {},
        refused={k: v.reason for k, v in word.refused.items()} if word else {},
    )


def _complete(pair: tuple[VehicleFacts, UnitFacts]) -> Completeness:
    box = pair[1]
    return Completeness(
        unit=box.unit, complete_to=at(box.complete_to),
        head=sum(line.head for line in box.lines), stored=sum(x.watermark for x in box.lines),
        backlog=box.backlog, rejected=sum(line.rejected for line in box.lines),
    )  # fmt: skip
