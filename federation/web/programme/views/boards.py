"""What is set on board: languages, texts for visitors, a forgotten PIN; and what was applied."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ... import keyring
from ...accounts import deeds
from ...scope import needs
from .. import reach, showing
from ..forms.boards import BoardForm
from ..models import Board, Notice
from .workshops import told


@needs("plan")
@require_GET
def boards(request: Any) -> HttpResponse:
    """The vehicles in reach."""
    vehicles = [each for each in request.scope.vehicles if not each.retired]
    return render(
        request, "programme/boards.html",
        {"page": "programme", "tab": "boards", "vehicles": vehicles},
    )  # fmt: skip


@needs("plan")
@require_http_methods(["GET", "POST"])
def board(request: Any, number: int) -> HttpResponse:
    """Settings and texts of one vehicle; texts may go to all of its territory."""
    vehicle = reach.vehicle(request.scope, number)
    found = Board.objects.filter(vehicle=vehicle).first() or Board(vehicle=vehicle)
    texts = dict(Notice.objects.filter(vehicle=vehicle).values_list("language", "text"))
    places = reach.places(request.scope).filter(territory=vehicle.centre.territory_id)
    form = BoardForm(request.POST or None, instance=found, places=places, texts=texts)
    if request.method == "POST" and form.is_valid():
        form.save()
        everywhere = "everywhere" in request.POST
        _write(form.told(), _whose(request.scope, vehicle) if everywhere else [vehicle.pk])
        messages.success(request, "Les réglages sont enregistrés.")
        told(request)
        return redirect("programme:board", number)
    return render(
        request, "programme/board.html",
        {"page": "programme", "tab": "boards", "form": form, "vehicle": vehicle},
    )  # fmt: skip


@needs("plan")
@require_POST
def reset_pin(request: Any, number: int) -> HttpResponse:
    """The team of this vehicle chooses another PIN."""
    vehicle = reach.vehicle(request.scope, number)
    found, _ = Board.objects.get_or_create(vehicle=vehicle)
    deeds.note(deeds.deed(request, "pin_reset", f"véhicule {number}", str(vehicle)))
    found.pin_reset += 1
    found.save()
    messages.success(
        request, "Le code de l'équipe sera à choisir de nouveau, dès que le véhicule l'apprend."
    )
    told(request)
    return redirect("programme:board", number)


@needs("plan")
@require_http_methods(["GET", "POST"])
def sending(request: Any) -> HttpResponse:
    """Which vehicle has applied what; a POST sends what is due."""
    if request.method == "POST":
        told(request)
        return redirect("programme:sending")
    units = [(each.unit, each.name) for each in request.scope.vehicles if each.unit]
    found = showing.applied(units)
    return render(
        request,
        "programme/sending.html",
        {
            "page": "programme", "tab": "sending", "rows": found,
            "pending": sum(each.state == "pending" for each in found),
            "refused": sum(each.state == "refused" for each in found),
            "closed": "" if keyring.held().documents else keyring.NO_PUBLISHING,
        },
    )  # fmt: skip


def _whose(scope: Any, vehicle: Any) -> list[int]:
    territory = vehicle.centre.territory_id
    return [each.id for each in scope.vehicles if each.territory_id == territory]


def _write(texts: dict[str, str], vehicles: list[int]) -> None:
    """A text that was there and is empty now is an empty text: vans must hear of it."""
    for vehicle in vehicles:
        for language, text in texts.items():
            known = Notice.objects.filter(vehicle_id=vehicle, language=language)
            if text or known.exists():
                Notice.objects.update_or_create(
                    vehicle_id=vehicle, language=language, defaults={"text": text}
                )
