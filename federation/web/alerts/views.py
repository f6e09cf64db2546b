"""The page of alerts: what is open, what was, who takes care of it. Opens and ends no alert."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from ...alerting import DAY, FEDERATION
from .. import clock, store
from ..scope import Scope, needs
from . import acting, showing
from .forms import Mute, Why
from .models import Alert, Deed

PAGE: Final = 50
"""Vehicles, or lines of the history."""


@needs("see_fleet")
@require_safe
def alerts(request: Any) -> HttpResponse:
    """What is open now, by vehicle."""
    now, names = clock.now(), showing.Names(store.vehicles())
    rows = _in_reach(request.scope, Alert.objects.filter(state="open"))
    muted = showing.Muted(now)
    shown = [showing.Shown.of(row, names, muted) for row in rows]
    ended = _in_reach(request.scope, Alert.objects.filter(closed__gt=now - 7 * DAY))
    top = [each for each in shown if each.row.under_id is None]
    leaf = Paginator(showing.grouped(shown, names), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": "alerts",
        "leaf": leaf,
        "waiting": sum(each.is_new for each in top),
        "taken": sum(each.row.taken_at is not None for each in top),
        "muted": sum(each.mute is not None for each in top),
        "ended": sum(row.under_id is None for row in ended),
        "why": Why(auto_id=False),
        "mute": Mute(auto_id=False),
        "may_act": request.scope.may("manage_alerts"),
        "everything": request.scope.everything,
    }
    return render(request, "alerts/alerts.html", context)


@needs("see_fleet")
@require_safe
def history(request: Any, subject: str = "") -> HttpResponse:
    """What was, of everything in reach or of one subject, and what was done about it."""
    names = showing.Names(store.vehicles())
    rows = Alert.objects.exclude(opened=None)
    if subject:
        rows = rows.filter(subject=subject)
    found = _in_reach(request.scope, rows.select_related("taken_by"))
    if subject and not showing.reaches(request.scope, Alert(subject=subject)):
        raise Http404
    leaf = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": "alerts",
        "subject": names.of(subject) if subject else "",
        "leaf": leaf,
        "shown": [showing.Shown.of(row, names, None) for row in leaf],
        "deeds": Deed.objects.filter(subject=subject).select_related("by")[:PAGE],
    }
    return render(request, "alerts/history.html", context)


@needs("manage_alerts")
@require_POST
def take(request: Any, number: int) -> HttpResponse:
    """Somebody takes care of it."""
    alert = _to_act_on(request.scope, number)
    form = Why(request.POST)
    if not form.is_valid():
        return _again(request, form)
    acting.take(alert, request.user, form.cleaned_data["why"], clock.now())
    return redirect("alerts:alerts")


@needs("manage_alerts")
@require_POST
def give_back(request: Any, number: int) -> HttpResponse:
    """Nobody does any more."""
    acting.give_back(_to_act_on(request.scope, number), request.user, clock.now())
    return redirect("alerts:alerts")


@needs("manage_alerts")
@require_POST
def mute(request: Any, number: int) -> HttpResponse:
    """Nobody is told of it for a while."""
    alert = _to_act_on(request.scope, number)
    form = Mute(request.POST)
    if not form.is_valid():
        return _again(request, form)
    said = form.cleaned_data
    kind = "" if said["whole"] else alert.kind
    acting.mute(alert.subject, kind, said["days"], request.user, said["why"], clock.now())
    return redirect("alerts:alerts")


@needs("manage_alerts")
@require_POST
def unmute(request: Any, number: int) -> HttpResponse:
    """People are told again."""
    alert = _to_act_on(request.scope, number)
    acting.unmute(alert, request.user, clock.now())
    return redirect("alerts:alerts")


def _in_reach(scope: Scope, rows: Any) -> list[Alert]:
    return [row for row in rows.select_related("taken_by") if showing.reaches(scope, row)]


def _to_act_on(scope: Scope, number: int) -> Alert:
    alert: Alert = get_object_or_404(Alert, pk=number)
    if not showing.reaches(scope, alert):
        raise Http404
    if alert.subject == FEDERATION and not scope.everything:
        raise PermissionDenied
    return alert


def _again(request: Any, form: Any) -> HttpResponse:
    return render(request, "alerts/wrong.html", {"page": "alerts", "form": form}, status=400)
