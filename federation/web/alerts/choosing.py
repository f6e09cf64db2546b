"""The two pages of settings: delays of territories, one's own digest. Sends nothing."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ... import alert_words
from ...alerting import RHYTHMS
from .. import clock, store
from ..fleet.models import Territory
from ..scope import needs
from . import acting, digests
from .forms import Delays, Rhythm
from .models import Delay, Digest


@needs("manage_alerts")
@require_http_methods(["GET", "HEAD", "POST"])
def delays(request: Any, code: str = "") -> HttpResponse:
    """How long each territory in reach waits before a trouble is an alert."""
    codes = request.scope.registry.territories()
    if code and code not in codes:
        raise Http404
    forms, form = [], None
    for territory in Territory.objects.filter(code__in=codes):
        own = Delay.objects.filter(territory=territory).first() or Delay(territory=territory)
        said = request.POST if request.method == "POST" and territory.code == code else None
        found = Delays(said, instance=own, prefix=territory.code)
        form = found if said is not None else form
        forms.append((territory, found))
    if form is not None and form.is_valid():
        with transaction.atomic():
            form.save()
            acting.delayed(code, request.user, clock.now())
        messages.success(request, "Les délais sont enregistrés.")
        return redirect("alerts:delays")
    usual = [
        (alert_words.TITLES[kind], alert_words.span(rhythm.delay))
        for kind, rhythm in RHYTHMS.items()
    ]
    context = {"page": "alerts", "forms": forms, "usual": usual}
    return render(request, "alerts/delays.html", context, status=400 if form else 200)


@needs("desk")
@require_http_methods(["GET", "HEAD", "POST"])
def digest(request: Any) -> HttpResponse:
    """When one is written to, and what would be written now."""
    form = Rhythm(request.POST or None, instance=_wish_of(request.user))
    if request.method == "POST" and form.is_valid():
        # No more than what was chosen: the chore may note meanwhile what it told.
        Digest.objects.update_or_create(account=request.user, defaults=form.cleaned_data)
        messages.success(request, "Votre choix est enregistré.")
        return redirect("alerts:digest")
    known = store.vehicles()
    wish = _wish_of(request.user)
    found, _ = digests.of(request.user, wish, known, clock.now())
    zone = digests.rhythm_of(wish, request.user, known).zone
    context = {
        "page": "alerts",
        "form": form,
        "has_address": bool(request.user.email),
        "is_sent": bool(store.config().mail.host),
        "preview": alert_words.text(found, zone, f"{digests.pages()}/alertes/"),
        "is_news": found.is_news,
    }
    return render(request, "alerts/digest.html", context, status=400 if form.errors else 200)


def _wish_of(account: Any) -> Digest:
    """As it is kept, or as it is until somebody chooses."""
    return Digest.objects.filter(account=account).first() or Digest(account=account)
