"""Which box rides in which vehicle. Takes no name for a box before somebody said so twice."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from ...database import reading_ledger
from ...errors import OperatorError
from .. import store
from ..accounts import deeds
from ..scope import needs
from . import board as boards
from .forms import BoxForm
from .models import Box, Vehicle

_FACTS: Final = "SELECT 1 FROM event WHERE unit = ? LIMIT 1"


@needs("manage_fleet")
@require_POST
def ride(request: Any, number: int) -> HttpResponse:
    """A box rides in this vehicle from now on; the one before is out."""
    vehicle, form = vehicle_of(number), BoxForm(request.POST)
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
    if unit not in _heard() and request.POST.get("sure") != unit:
        return redirect(f"{reverse('fleet:edit', args=(number,))}?boitier={unit}#box-title")
    _put(request, vehicle, unit)
    return redirect("fleet:edit", number)


@needs("manage_fleet")
@require_POST
def unload(request: Any, number: int) -> HttpResponse:
    """No box rides in it any more; what it told stays the vehicle's."""
    vehicle = vehicle_of(number)
    note(request, vehicle, "box_moved", "aucun boîtier")
    vehicle.boxes.filter(until=None).update(until=boards.utc())
    messages.success(request, f"Plus aucun boîtier n'est dans {vehicle}.")
    return redirect("fleet:edit", number)


@needs("manage_fleet")
@require_POST
def forget(request: Any, number: int) -> HttpResponse:
    """A name that was none: it is the vehicle's no more. A box that ever spoke stays."""
    vehicle, unit = vehicle_of(number), request.POST.get("unit", "")
    box = get_object_or_404(Box, vehicle=vehicle, unit=unit)
    if unit in _heard() or _has_facts(unit):
        messages.error(request, f"Le boîtier {unit} a déjà parlé : il reste à {vehicle}.")
        return redirect("fleet:edit", number)
    note(request, vehicle, "box_moved", f"boîtier {unit} oublié")
    box.delete()
    messages.success(request, f"Le boîtier {unit}, qui n'a jamais parlé, est oublié.")
    return redirect("fleet:edit", number)


def asked(request: Any) -> str:
    """A box that never spoke and that somebody wants on board: to be said twice."""
    form = BoxForm({"unit": request.GET.get("boitier", "")})
    return str(form.cleaned_data["unit"]) if form.is_valid() else ""


def of(vehicle: Vehicle) -> list[tuple[Box, bool]]:
    """All that ever rode in it, the last one first; whether each ever spoke."""
    heard = _heard()
    return [(box, box.unit in heard) for box in vehicle.boxes.order_by("-since")]


def loose() -> list[str]:
    """Boxes that the ledger knows and no vehicle has."""
    return sorted(_heard() - set(Box.objects.values_list("unit", flat=True)))


def vehicle_of(number: int) -> Vehicle:
    """The vehicle of an address."""
    vehicle = Vehicle.objects.filter(pk=number).first()
    if vehicle is None:
        raise Http404
    return vehicle


def note(request: Any, vehicle: Vehicle, what: str, reason: str) -> None:
    """A line of the audit about it."""
    deeds.note(deeds.deed(request, what, f"véhicule {vehicle.pk}", reason))


def _put(request: Any, vehicle: Vehicle, unit: str) -> None:
    note(request, vehicle, "box_moved", f"boîtier {unit}")
    now = boards.utc()
    vehicle.boxes.filter(until=None).exclude(unit=unit).update(until=now)
    Box.objects.update_or_create(
        unit=unit, defaults={"vehicle": vehicle, "until": None},
        create_defaults={"vehicle": vehicle, "since": now},
    )  # fmt: skip
    messages.success(request, f"Le boîtier {unit} est maintenant dans {vehicle}.")


def _heard() -> set[str]:
    """Boxes that ever said a word; none while the ledger cannot be read."""
    try:
        with reading_ledger(store.config().store) as ledger:
            return {unit for (unit,) in ledger.execute("SELECT unit FROM unit")}
    except OperatorError:
        return set()


def _has_facts(unit: str) -> bool:
    try:
        with reading_ledger(store.config().store) as ledger:
            return ledger.execute(_FACTS, (unit,)).fetchone() is not None
    except OperatorError:
        return True
