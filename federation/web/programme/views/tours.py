"""Tours: what each vehicle drives in the days ahead, on a map; a tour, its days, the places."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from protocol.documents import PlannedStop

from ....planning import tours as planning
from ... import days
from ...scope import needs
from .. import drawing, reach
from .. import tours as plan
from ..forms.tours import PlaceForm, TourForm, clock
from ..models import Place, Tour, TourDay
from .workshops import told

AHEAD = 7
MANY = 60
"""Vehicles; where there are more, one territory is shown at a time."""


@needs("plan")
@require_GET
def tours(request: Any) -> HttpResponse:
    """The week ahead of each vehicle, and the places on a map."""
    first = days.read(request.GET.get("jour", "")) or timezone.localdate()
    week = [first + timedelta(n) for n in range(AHEAD)]
    changes = plan.changes(first)
    mine = plan.by_vehicle(plan.planned(), changes)
    known = reach.territories(request.scope)
    chosen = request.GET.get("territoire", "")
    if chosen not in map(str, known) and len(request.scope.vehicles) > MANY:
        chosen = str(next(iter(known)))
    weeks = [
        (vehicle, [planning.of_day(mine.get(vehicle.id, ()), changes, vehicle.id, d) for d in week])
        for vehicle in request.scope.vehicles
        if not vehicle.retired and chosen in ("", str(vehicle.territory_id))
    ]
    stops = {stop.id: stop for _, driven in weeks for tour in driven if tour for stop in tour.stops}
    return render(
        request,
        "programme/tours.html",
        {
            "page": "programme", "tab": "tours", "days": week, "weeks": weeks,
            "tours": reach.tours(request.scope).filter(vehicle__in=[v.id for v, _ in weeks][:900]),
            "territories": known, "chosen": chosen,
            "vehicles": [v for v in request.scope.vehicles if not v.retired],
            "before": first - timedelta(AHEAD), "after": first + timedelta(AHEAD),
            "drawing": (drawing.of_places if chosen or len(known) == 1 else drawing.of_country)(
                [drawing.Point(stop.name, stop.lat, stop.lon) for stop in stops.values()]
            ),
        },
    )  # fmt: skip


@needs("plan")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """A tour of a vehicle in reach."""
    number = request.POST.get("vehicle") or request.GET.get("vehicle") or ""
    if not number:
        vehicles = [v for v in request.scope.vehicles if not v.retired]
        return render(
            request, "programme/which_vehicle.html",
            {"page": "programme", "tab": "tours", "vehicles": vehicles},
        )  # fmt: skip
    return _edit(request, Tour(vehicle=reach.vehicle(request.scope, number)))


@needs("plan")
@require_http_methods(["GET", "POST"])
def tour(request: Any, number: int) -> HttpResponse:
    """Its days and stops, and days that are not as usual."""
    return _edit(request, reach.tour(request.scope, number))


@needs("plan")
@require_POST
def end(request: Any, number: int) -> HttpResponse:
    """It takes place no more; what was driven stays in the ledger."""
    reach.tour(request.scope, number).delete()
    messages.success(request, "La tournée est supprimée.")
    told(request)
    return redirect("programme:tours")


@needs("plan")
@require_POST
def restore(request: Any, number: int) -> HttpResponse:
    """A day that was moved or called off is as usual again."""
    found, day = reach.tour(request.scope, number), days.read(request.POST.get("day", ""))
    if day is None:
        messages.error(request, "Ce jour n'est pas une date.")
        return redirect("programme:tour", number)
    try:
        plan.restore(found, day)
    except plan.Taken:
        messages.error(request, plan.taken(found.vehicle, day))
    else:
        messages.success(request, f"La tournée du {day:%d/%m/%Y} est rétablie.")
        told(request)
    return redirect("programme:tour", number)


@needs("plan")
@require_POST
def move(request: Any) -> HttpResponse:
    """All that a vehicle drives on a day goes to another one, or does not take place."""
    day = days.read(request.POST.get("day", ""))
    origin = reach.vehicle(request.scope, request.POST.get("from", ""))
    target = request.POST.get("to", "")
    if day is None or not target:
        messages.error(request, plan.TO_CHOOSE if day else "Ce jour n'est pas une date.")
        return redirect("programme:tours")
    taker = None if target == plan.NOBODY else reach.vehicle(request.scope, target)
    try:
        moved = plan.move_tour(day, origin.pk, taker.pk if taker else None)
    except plan.Taken:
        messages.error(request, plan.taken(taker, day))
        return redirect("programme:tours")
    if not moved:
        messages.error(request, f"{origin} n'a pas de tournée ce jour-là.")
    else:
        what = f"passe à {taker}" if taker else "n'a pas lieu"
        messages.success(request, f"La tournée de {origin} du {day:%d/%m/%Y} {what}.")
        told(request)
    return redirect("programme:tours")


@needs("plan")
@require_GET
def places(request: Any) -> HttpResponse:
    """All places of the territories in reach."""
    found = list(reach.places(request.scope).select_related("territory"))
    points = [drawing.Point(each.name, each.lat, each.lon) for each in found]
    known = reach.territories(request.scope)
    return render(
        request,
        "programme/places.html",
        {
            "page": "programme", "tab": "places", "places": found, "territories": known,
            "drawing": (drawing.of_country if len(known) > 1 else drawing.of_places)(points),
        },
    )  # fmt: skip


@needs("plan")
@require_http_methods(["GET", "POST"])
def new_place(request: Any) -> HttpResponse:
    """A place of a territory in reach."""
    known = reach.territories(request.scope)
    told_ = request.POST.get("territory") or request.GET.get("territory") or ""
    if (told_ and told_ not in map(str, known)) or not known:
        raise Http404
    return _place(request, Place(territory_id=int(told_ or next(iter(known)))))


@needs("plan")
@require_http_methods(["GET", "POST"])
def place(request: Any, code: str) -> HttpResponse:
    """One place."""
    return _place(request, reach.place(request.scope, code))


def _edit(request: Any, found: Tour) -> HttpResponse:
    territory = found.vehicle.centre.territory_id
    known = reach.places(request.scope).filter(territory=territory)
    form = TourForm(request.POST or None, instance=found, places=known)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "La tournée est enregistrée.")
        told(request)
        return redirect("programme:tours")
    stops = [each.place.stop(each.opens) for each in found.stops.all()] if found.pk else []
    days = TourDay.objects.filter(tour=found.pk, day__gte=timezone.localdate())
    return render(
        request,
        "programme/tour.html",
        {
            "page": "programme", "tab": "tours", "form": form, "tour": found, "known": known,
            "days": days.select_related("vehicle").order_by("day") if found.pk else [],
            "drawing": drawing.of_tour(_points(stops)),
        },
    )  # fmt: skip


def _place(request: Any, found: Place) -> HttpResponse:
    form = PlaceForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        if not found.code:
            found.code = f"{slugify(found.name)[:36]}-{secrets.token_hex(3)}".lstrip("-")
        form.save()
        messages.success(request, "Le lieu est enregistré.")
        told(request)
        return redirect("programme:places")
    near = reach.places(request.scope).filter(territory=found.territory_id)
    points = [
        drawing.Point(each.name, each.lat, each.lon, chosen=each.pk == found.pk) for each in near
    ]
    return render(
        request,
        "programme/place.html",
        {
            "page": "programme", "tab": "places", "form": form, "place": found,
            "drawing": drawing.of_places(points),
        },
    )  # fmt: skip


def _points(stops: Any) -> list[drawing.Point]:
    found: list[PlannedStop] = list(stops)
    return [drawing.Point(stop.name, stop.lat, stop.lon, clock(stop.opens)) for stop in found]
