"""What of the programme an account reaches, by its scope alone: views find their objects here."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from ..fleet.models import Vehicle
from ..scope import Scope
from .models import Place, Tour, Workshop


def territories(scope: Scope) -> dict[int, str]:
    """Id → name of those in reach, by name."""
    return {each.territory_id: each.territory for each in scope.vehicles}


def zone(scope: Scope, territory: int) -> str:
    """By whose clocks a workshop of that territory begins: those of its first vehicle."""
    zones = (each.zone for each in scope.vehicles if each.territory_id == territory)
    return next(zones, "Europe/Paris")


def workshops(scope: Scope) -> "QuerySet[Workshop]":
    """Those of the territories in reach; a centre sees its own and those of no centre."""
    found = Workshop.objects.filter(territory__in=territories(scope))
    if scope.role == "centre":
        found = found.filter(Q(centre=None) | Q(centre__in=_centres(scope)))
    return found.select_related("territory", "centre")


def workshop(scope: Scope, code: str) -> Workshop:
    """Raises Http404: there is none, or not for this account."""
    return _one(workshops(scope).filter(code=code))


def may_edit(scope: Scope, chosen: Workshop) -> bool:
    """A centre plans its own workshops alone."""
    return scope.role != "centre" or chosen.centre_id in _centres(scope)


def centre(scope: Scope) -> int | None:
    """Whose a new workshop is."""
    return next(iter(_centres(scope)), None) if scope.role == "centre" else None


def places(scope: Scope) -> "QuerySet[Place]":
    """Those of the territories in reach."""
    return Place.objects.filter(territory__in=territories(scope))


def place(scope: Scope, code: str) -> Place:
    """Raises Http404."""
    return _one(places(scope).filter(code=code))


def tours(scope: Scope) -> "QuerySet[Tour]":
    """Those planned for vehicles in reach."""
    found = Tour.objects.select_related("vehicle")
    return found if scope.everything else found.filter(vehicle__in=[v.id for v in scope.vehicles])


def tour(scope: Scope, number: int) -> Tour:
    """Raises Http404."""
    return _one(tours(scope).filter(pk=number))


def vehicle(scope: Scope, number: object) -> Vehicle:
    """Raises Http404, also for what is no number."""
    ids = {str(each.id) for each in scope.vehicles}
    if str(number) not in ids:
        raise Http404
    return _one(Vehicle.objects.filter(pk=number).select_related("centre__territory"))


def _centres(scope: Scope) -> set[int]:
    return {each.centre_id for each in scope.vehicles}


def _one(found: "QuerySet[Any]") -> Any:
    chosen = found.first()
    if chosen is None:
        raise Http404
    return chosen
