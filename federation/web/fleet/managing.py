"""Vehicles and centres as the federation manages them. Each change is in the audit.

Which box rides in a vehicle: boxes.py.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...errors import OperatorError
from ..accounts import deeds
from ..programme import publishing, tours
from ..scope import needs
from . import boxes
from .forms import BoxForm, CentreForm, HandOver, TerritoryForm, VehicleForm
from .models import Territory, Vehicle


@needs("manage_fleet")
@require_GET
def manage(request: Any) -> HttpResponse:
    """All territories, centres and vehicles, the retired ones too, and boxes that ride in none."""
    found = Territory.objects.prefetch_related("centres__vehicles__boxes")
    told = {
        "page": "fleet", "territories": found, "loose": boxes.loose(),
        "territory_form": TerritoryForm(prefix="t"), "centre_form": CentreForm(prefix="c"),
    }  # fmt: skip
    return render(request, "fleet/manage.html", told)


@needs("manage_fleet")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """A vehicle that was not there."""
    return _edit(request, None)


@needs("manage_fleet")
@require_http_methods(["GET", "POST"])
def edit(request: Any, number: int) -> HttpResponse:
    """Name, centre, zone, target."""
    return _edit(request, boxes.vehicle_of(number))


@needs("manage_fleet")
@require_POST
def territory(request: Any) -> HttpResponse:
    """A new territory."""
    return _added(request, TerritoryForm(request.POST, prefix="t"), "territoire")


@needs("manage_fleet")
@require_POST
def centre(request: Any) -> HttpResponse:
    """A new centre."""
    return _added(request, CentreForm(request.POST, prefix="c"), "centre")


@needs("manage_fleet")
@require_POST
def retire(request: Any, number: int) -> HttpResponse:
    """Out of service, or in it again: its years stay in the reports."""
    vehicle = boxes.vehicle_of(number)
    vehicle.retired = not vehicle.retired
    boxes.note(
        request, vehicle, "vehicle_retired" if vehicle.retired else "vehicle_back", str(vehicle)
    )
    vehicle.save()
    words = "n'est plus en service" if vehicle.retired else "est de nouveau en service"
    messages.success(request, f"{vehicle} {words}.")
    return redirect("fleet:edit", number)


@needs("plan")
@require_POST
def hand_over(request: Any, number: int) -> HttpResponse:
    """A day's tour moves to another vehicle in reach, and both are told at once."""
    reach = {each.id: each for each in request.scope.vehicles}
    form = HandOver(request.POST)
    if number not in reach:
        raise Http404
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return redirect("fleet:vehicle", number)
    target, day = form.cleaned_data["target"], form.cleaned_data["day"]
    if target is not None and target not in reach:
        raise Http404
    try:
        moved = tours.move_tour(day, number, target)
    except tours.Taken:
        messages.error(request, tours.taken(reach[target].name, day))
        return redirect("fleet:vehicle", number)
    whom = reach[target].name if target is not None else "personne"
    if not moved:
        messages.warning(
            request, f"{reach[number].name} n'a pas de tournée au programme le {day:%d/%m/%Y}."
        )
        return redirect("fleet:vehicle", number)
    said = f"Tournée du {day:%d/%m/%Y} confiée à {whom}."
    messages.success(request, said)
    for trouble in _published():
        messages.warning(request, trouble)
    deeds.note(deeds.deed(request, "tour_moved", f"véhicule {number}", said))
    return redirect("fleet:vehicle", number)


def _published() -> list[str]:
    try:
        return publishing.bring_up()
    except OperatorError as error:
        return [f"Les véhicules le sauront plus tard : {error}"]


def _edit(request: Any, vehicle: Vehicle | None) -> HttpResponse:
    form = VehicleForm(request.POST or None, instance=vehicle)
    if not form.is_valid():
        told = {
            "page": "fleet", "form": form, "vehicle": vehicle, "box_form": BoxForm(),
            "loose": boxes.loose(), "asked": boxes.asked(request),
            "boxes": boxes.of(vehicle) if vehicle and vehicle.pk else (),
        }  # fmt: skip
        return render(request, "fleet/edit.html", told)
    saved: Vehicle = form.save()
    told_ = ", ".join(f"{name} {form.cleaned_data[name]}" for name in form.changed_data)
    boxes.note(request, saved, "vehicle_changed" if vehicle else "vehicle_added", told_)
    messages.success(request, f"{saved} est enregistré.")
    return redirect("fleet:edit", saved.pk)


def _added(request: Any, form: Any, what: str) -> HttpResponse:
    if form.is_valid():
        made = form.save()
        deeds.note(deeds.deed(request, "place_added", f"{what} {made.pk}", str(made)))
        messages.success(request, f"Le {what} {made} est enregistré.")
    else:
        wrong = " ".join(text for texts in form.errors.values() for text in texts)
        messages.error(request, f"Ce {what} n'est pas enregistré : {wrong}")
    return redirect("fleet:manage")
