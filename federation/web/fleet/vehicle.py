"""The page of one vehicle, or of a box that rides in none. Reads only."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from protocol.documents import PlannedStop

from ...database import Database, reading_ledger, reading_web
from ...errors import OperatorError
from ...fleet_facts import VehicleFacts, Where
from ...fleet_state import Coverage, local_day
from .. import days as calendar
from .. import store
from ..scope import needs
from . import board as boards
from . import day as days
from . import drawing, papers, reasons, words
from .day import Pair


class Row(NamedTuple):
    """A planned stop beside the real one, in words."""

    pair: Pair
    planned: str
    coverage: str
    real: list[str]
    verdict: str
    state: str


@needs("see_unit")
@require_GET
def vehicle(request: Any, number: int) -> HttpResponse:
    """A vehicle in reach."""
    if all(each.id != number for each in request.scope.vehicles):
        raise Http404
    return _page(request, f"v{number}")


@needs("see_unit")
@require_GET
def box(request: Any, unit: str) -> HttpResponse:
    """A box: the page of its vehicle, or its own when it rides in none."""
    if not request.scope.reaches(unit):
        raise Http404
    found = request.scope.registry.of(unit)
    if found is not None:
        return redirect("fleet:vehicle", found.id)
    return _page(request, f"u:{unit}")


def _page(request: Any, key: str) -> HttpResponse:
    board = boards.of(store.config().store)
    seen = board.facts(key)
    if seen is None:
        raise Http404
    now = boards.utc()
    zone = seen.facts.zone
    day = calendar.read(request.GET.get("jour", "")) or local_day(now, zone)
    told = {
        "page": "fleet", "seen": seen, "zone": zone, "now": now, "day": day,
        "day_words": words.day(day), "today": local_day(now, zone),
        "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        **_now(seen, now), **_of_day(board, seen, day, now),
    }  # fmt: skip
    if seen.unit is not None:
        told |= _of_box(request, seen, now)
    told["targets"] = _targets(request, seen)
    return render(request, "fleet/vehicle.html", told)


def _now(seen: VehicleFacts, now: int) -> dict[str, Any]:
    """What the vehicle is doing, in words."""
    state, box = seen.standing.state, seen.box
    where = box.where if box else None
    return {
        "state": words.STATES[state], "letter": words.LETTERS[state],
        "reason": reasons.why(seen.standing, list(seen.troubles), seen.facts.zone, now),
        "troubles": [(reasons.trouble(each), reasons.own(each)) for each in seen.troubles],
        "duty": words.DUTIES[seen.facts.duty],
        "where": where,
        "mark": _mark(where, words.LETTERS[state]),
        "france": drawing.france(),
        "gps": _gps(seen),
        "power": _measure(box.word.battery_volts, words.volts) if box and box.word else "",
        "free": _measure(box.word.disk_free, words.size) if box and box.word else "",
    }  # fmt: skip


def _of_day(board: boards.Board, seen: VehicleFacts, day: date, now: int) -> dict[str, Any]:
    """Planned beside real, and the events of the day."""
    units = seen.vehicle.units if seen.vehicle else (seen.unit or "",)
    zone = seen.facts.zone
    try:
        with reading_ledger(store.config().store) as ledger:
            stops = days.stops(ledger, units, day)
            events = days.happenings(ledger, units, day)
    except OperatorError:
        return {"rows": [], "events": [], "no_ledger": True}
    shown = days.pairs(_planned(board, seen, day), stops, day, zone)
    bars, ticks = days.drawing(shown, day, zone, now)
    return {
        "rows": [_row(pair, zone, now) for pair in shown],
        "bars": bars, "ticks": ticks, "events": events,
    }  # fmt: skip


def _planned(
    board: boards.Board, seen: VehicleFacts, day: date
) -> list[tuple[PlannedStop, Coverage, bool]]:
    reader = board.plans()
    code = seen.vehicle.territory_code if seen.vehicle else ""
    return [
        (stop, reader.coverage_of((code, stop.id)), reader.said((code, stop.id)) is None)
        for tour in reader.tours(seen.unit).tours
        if tour.day == day.isoformat()
        for stop in tour.stops
    ]


def _of_box(request: Any, seen: VehicleFacts, now: int) -> dict[str, Any]:
    """Documents, certificates, history, what was kept apart, and the audit for who may see it."""
    unit, about = str(seen.unit), f"véhicule {seen.vehicle.id}" if seen.vehicle else ""
    settings = store.config().store
    told: dict[str, Any] = {"papers": papers.papers(settings, unit, seen.box)}
    try:
        with reading_ledger(settings) as ledger:
            told |= _technical(ledger, unit, now)
    except OperatorError:
        told["no_ledger"] = True
    if request.scope.may("see_audit"):
        with reading_web(settings) as web:
            told["audit"] = papers.audit(web, unit, about)
    return told


def _technical(ledger: Database, unit: str, now: int) -> dict[str, Any]:
    kept = papers.kept(ledger, unit)
    return {
        "certificates": papers.certificates(ledger, unit, now),
        "history": papers.history(ledger, unit),
        "reports": papers.reports(ledger, unit),
        "flags": papers.flags(ledger, unit),
        "apart": [each for each in kept if each.apart],
        "unread": [each for each in kept if not each.apart],
    }


def _row(pair: Pair, zone: str, now: int) -> Row:
    planned = ""
    if pair.opens is not None:
        planned = f"{words.moment(pair.opens, zone, pair.opens)}–{_hour(pair.closes, zone)}"
    real = [
        f"{_hour(stop.arrived, zone)}–{'…' if stop.open else _hour(stop.departed, zone)}"
        for stop in pair.stops
    ]
    coverage = words.COVERAGE[pair.coverage] if pair.opens is not None else ""
    if pair.learnt and pair.coverage != "unknown":
        coverage += " (appris)"
    return Row(pair, planned, coverage, real, *_verdict(pair, now))


def _verdict(pair: Pair, now: int) -> tuple[str, str]:
    """How it went, and its badge."""
    if pair.opens is None or pair.closes is None:
        return "non prévu", ""
    if not pair.stops:
        if now < pair.opens:
            return "à venir", ""
        return ("attendu", "care") if now < pair.closes else ("pas vu", "bad")
    arrived = pair.stops[0].arrived
    late = 0 if arrived is None else (arrived - pair.opens) // 60_000
    return (f"{late} min de retard", "care") if late > 10 else ("fait", "ok")


def _targets(request: Any, seen: VehicleFacts) -> list[Any]:
    """Vehicles that could drive this one's tour instead: those of its territory."""
    if seen.vehicle is None or not request.scope.may("plan"):
        return []
    return [
        each
        for each in request.scope.vehicles
        if each.id != seen.vehicle.id
        and not each.retired
        and each.territory_id == seen.vehicle.territory_id
    ]


def _mark(where: Where | None, letter: str) -> str:
    """Its mark on the drawing; nothing when it is nowhere."""
    if where is None or where.lat is None or where.lon is None:
        return ""
    spot = drawing.france().place(where.lat, where.lon)
    if spot is None:
        return ""
    at = f"translate({spot[0]} {spot[1]})"
    mark = f'<g class={letter} transform="{at}"><use class=big href="#mark-{letter}" /></g>'
    return mark_safe(mark)  # noqa: S308 - two numbers and a letter of ours


def _gps(seen: VehicleFacts) -> str:
    word = seen.box.word.gps if seen.box and seen.box.word else None
    if word is None:
        return ""
    seen_ = "" if word.satellites is None else f", {word.satellites} satellites"
    return words.GPS[word.state] + seen_


def _measure(value: Any, told: Any) -> str:
    return "" if value is None else str(told(value))


def _hour(at: int | None, zone: str) -> str:
    return "?" if at is None else f"{words.local(at, zone):%H:%M}"
