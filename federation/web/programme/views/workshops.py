"""Workshops: the list by day, one with its seats, what becomes of it."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ....errors import OperatorError
from ...scope import needs
from .. import calendars, publishing, reach, showing
from ..fetching import with_their
from ..forms.workshops import WorkshopForm
from ..models import Workshop

PAST = timedelta(days=60)
PAST_DAY = "Ce jour est passé : l'atelier n'est proposé sur aucun véhicule. Vérifiez la date."
MOST = 100
"""Workshops of a page."""


@needs("plan")
@require_GET
def workshops(request: Any) -> HttpResponse:
    """Those to come by day, or those that were; of one territory or all in reach."""
    known = reach.territories(request.scope)
    found = reach.workshops(request.scope)
    is_past = request.GET.get("quand") == "passes"
    now = datetime.now(UTC)
    if is_past:
        found = found.filter(starts__lt=now, starts__gt=now - PAST).order_by("-starts")
    else:
        found = found.filter(starts__gte=now - timedelta(hours=12))
    chosen = request.GET.get("territoire", "")
    if chosen in map(str, known):
        found = found.filter(territory=int(chosen))
    first = MOST * (_number(request.GET.get("page", "")) - 1)
    some = with_their(found[first : first + MOST + 1], "allotments")
    days = groupby(showing.shown(some[:MOST]), key=lambda each: each.local.date())
    return render(
        request,
        "programme/workshops.html",
        {
            "page": "programme", "tab": "workshops", "days": [(d, list(s)) for d, s in days],
            "territories": known, "chosen": chosen, "is_past": is_past,
            "next": first // MOST + 2 if len(some) > MOST else None,
            "calendars": calendars.addresses(request, known),
        },
    )  # fmt: skip


@needs("plan")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """A draft, of a territory in reach."""
    known = reach.territories(request.scope)
    told = request.POST.get("territory") or request.GET.get("territory") or ""
    if told and told not in map(str, known):
        raise Http404
    if not told and len(known) != 1:
        return render(
            request, "programme/which.html",
            {"page": "programme", "tab": "workshops", "territories": known},
        )  # fmt: skip
    territory = int(told) if told else next(iter(known))
    draft = Workshop(
        territory_id=territory, centre_id=reach.centre(request.scope),
        zone=reach.zone(request.scope, territory),
    )  # fmt: skip
    return _edit(request, draft)


@needs("plan")
@require_http_methods(["GET", "POST"])
def workshop(request: Any, code: str) -> HttpResponse:
    """One of them, with its seats and who has been told."""
    found = reach.workshop(request.scope, code)
    if request.method == "POST" and not reach.may_edit(request.scope, found):
        raise Http404
    return _edit(request, found)


@needs("plan")
@require_POST
def state(request: Any, code: str) -> HttpResponse:
    """Opened, cancelled, or a draft again while nobody signed up."""
    found = reach.workshop(request.scope, code)
    wanted = request.POST.get("state", "")
    if wanted not in Workshop.State.values or not reach.may_edit(request.scope, found):
        raise Http404
    (shown,) = showing.shown([found])
    if wanted == Workshop.State.DRAFT and shown.claims:
        messages.error(request, "Des personnes sont inscrites : annulez-le, et prévenez-les.")
        return redirect("programme:workshop", code)
    found.state = wanted
    _changed(found)
    found.save()
    messages.success(request, f"L'atelier est {found.get_state_display()}.")
    told(request)
    return redirect("programme:workshop", code)


def told(request: Any) -> None:
    """Vans are told at once, where that is possible; else the page says why not."""
    try:
        for sentence in publishing.bring_up():
            messages.warning(request, sentence)
    except OperatorError as error:
        messages.error(request, f"Enregistré ; rien n'est envoyé pour le moment : {error}")


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def _edit(request: Any, found: Workshop) -> HttpResponse:
    vehicles = [v for v in request.scope.vehicles if v.territory_id == found.territory_id]
    form = WorkshopForm(request.POST or None, instance=found, vehicles=vehicles)
    if request.method == "POST" and form.is_valid():
        if not found.pk:
            found.code = f"{slugify(found.title)[:40]}-{secrets.token_hex(3)}".lstrip("-")
        _changed(found)
        saved = form.save()
        messages.success(request, "L'atelier est enregistré.")
        if form.is_past:
            messages.warning(request, PAST_DAY)
        told(request)
        return redirect("programme:workshop", saved.code)
    shown = showing.shown([found])[0] if found.pk else None
    if found.pk:
        found.refresh_from_db()  # a form that is wrong must not be shown as what is
    return render(
        request,
        "programme/workshop.html",
        {
            "page": "programme", "tab": "workshops", "form": form, "shown": shown,
            "workshop": found, "may_edit": reach.may_edit(request.scope, found),
        },
    )  # fmt: skip


def _changed(found: Workshop) -> None:
    found.version += 1
    found.changed = time.time_ns() // 1_000_000
