"""For other programs: calendars, stops and vehicles as GeoJSON. No position but that of stops."""

import time
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET

from ... import store
from ...fleet.models import Territory
from ...scope import needs, public, scope_of
from .. import calendars, geo, reach


@public
@require_GET
def calendar(request: Any, territory: str) -> HttpResponse:
    """By its key, or with an account that reaches the territory; else there is none."""
    found = Territory.objects.filter(code=territory).first()
    given = request.GET.get("cle", "")
    if found is None or not (
        constant_time_compare(given, calendars.key(territory)) or _reaches(request, found.pk)
    ):
        raise Http404
    answer = HttpResponse(calendars.calendar(found), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'inline; filename="{territory}.ics"'
    return answer


@needs("see_fleet")
@require_GET
def stops(request: Any) -> JsonResponse:
    """Planned stops of the days ahead, and where vehicles stood in the last ones."""
    return _geojson(geo.stops(request.scope, _now()))


@needs("see_fleet")
@require_GET
def units(request: Any) -> JsonResponse:
    """Where each vehicle stands or last stood."""
    return _geojson(geo.units(request.scope))


def _reaches(request: Any, territory: int) -> bool:
    if not request.user.is_authenticated:
        return False
    scope = scope_of(request.user, store.vehicles())
    return scope.may("see_fleet") and territory in reach.territories(scope)


def _geojson(features: list[dict[str, Any]]) -> JsonResponse:
    told = {"type": "FeatureCollection", "features": features}
    return JsonResponse(told, content_type="application/geo+json")


def _now() -> int:
    return time.time_ns() // 1_000_000
