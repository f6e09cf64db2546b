"""Vehicles, centres and boxes as the federation manages them. Each change is in the audit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ...database import reading_ledger
from ...errors import OperatorError
from .. import store
from ..accounts import deeds
from ..programme import publishing, tours
from ..scope import needs
from . import board as boards
from .forms import BoxForm, CentreForm, HandOver, TerritoryForm, VehicleForm
from .models import Box, Territory, Vehicle


@needs("manage_fleet")
@require_GET
def manage(request: Any) -> HttpResponse:
    """All territories, centres and vehicles, the retired ones too, and boxes that ride in none."""
    found = Territory.objects.prefetch_related("centres__vehicles__boxes")
    told = {
        "page": "fleet", "territories": found, "loose": _loose(),
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
    return _edit(request, _of(number))


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
def ride(request: Any, number: int) -> HttpResponse:
    """A box rides in this vehicle from now on; the one before is out."""
    vehicle, form = _of(number), BoxForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["unit"]))
        return redirect("fleet:edit", number)
    unit = form.cleaned_data["unit"]
    held = Box.objects.filter(unit=unit).select_related("vehicle").first()
    if held is not None and held.vehicle_id != number and _has_facts(unit):
        messages.error(
            request,
            f"Le boîtier {unit} a déjà des faits de {held.vehicle} : ils changeraient de véhicule."
            " Enrôlez-le sous un nouveau nom, puis donnez ce nom ici.",
        )
        return redirect("fleet:edit", number)
    _note(request, vehicle, "box_moved", f"boîtier {unit}")
    now = boards.utc()
    vehicle.boxes.filter(until=None).exclude(unit=unit).update(until=now)
    Box.objects.update_or_create(
        unit=unit, defaults={"vehicle": vehicle, "until": None},
        create_defaults={"vehicle": vehicle, "since": now},
    )  # fmt: skip
    messages.success(request, f"Le boîtier {unit} est maintenant dans {vehicle}.")
    return redirect("fleet:edit", number)


@needs("manage_fleet")
@require_POST
def unload(request: Any, number: int) -> HttpResponse:
    """No box rides in it any more; what it told stays the vehicle's."""
    vehicle = _of(number)
    _note(request, vehicle, "box_moved", "aucun boîtier")
    vehicle.boxes.filter(until=None).update(until=boards.utc())
    messages.success(request, f"Plus aucun boîtier n'est dans {vehicle}.")
    return redirect("fleet:edit", number)


@needs("manage_fleet")
@require_POST
def retire(request: Any, number: int) -> HttpResponse:
    """Out of service, or in it again: its years stay in the reports."""
    vehicle = _of(number)
    vehicle.retired = not vehicle.retired
    _note(request, vehicle, "vehicle_retired" if vehicle.retired else "vehicle_back", str(vehicle))
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
    moved = tours.move_tour(day, number, target)
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
            "loose": _loose(),
            "boxes": vehicle.boxes.order_by("-since") if vehicle and vehicle.pk else (),
        }  # fmt: skip
        return render(request, "fleet/edit.html", told)
    saved: Vehicle = form.save()
    told_ = ", ".join(f"{name} {form.cleaned_data[name]}" for name in form.changed_data)
    _note(request, saved, "vehicle_changed" if vehicle else "vehicle_added", told_)
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


def _note(request: Any, vehicle: Vehicle, what: str, reason: str) -> None:
    deeds.note(deeds.deed(request, what, f"véhicule {vehicle.pk}", reason))


def _of(number: int) -> Vehicle:
    vehicle = Vehicle.objects.filter(pk=number).first()
    if vehicle is None:
        raise Http404
    return vehicle


def _loose() -> list[str]:
    """Boxes that the ledger knows and no vehicle has."""
    try:
        with reading_ledger(store.config().store) as ledger:
            known = [unit for (unit,) in ledger.execute("SELECT unit FROM unit ORDER BY unit")]
    except OperatorError:
        return []
    riding = set(Box.objects.values_list("unit", flat=True))
    return [unit for unit in known if unit not in riding]


def _has_facts(unit: str) -> bool:
    try:
        with reading_ledger(store.config().store) as ledger:
            query = "SELECT 1 FROM event WHERE unit = ? LIMIT 1"
            return ledger.execute(query, (unit,)).fetchone() is not None
    except OperatorError:
        return True
