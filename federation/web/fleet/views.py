"""The fleet at a glance. Reads only."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ..scope import needs


@needs("see_fleet")
def fleet(request: Any) -> HttpResponse:
    """The vehicles in reach."""
    return render(
        request, "fleet/fleet.html", {"page": "fleet", "vehicles": request.scope.vehicles}
    )
