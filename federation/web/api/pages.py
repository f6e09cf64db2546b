"""The page of tokens: made, shown once, closed; each in the audit. Answers no program."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from .. import clock
from ..accounts import deeds
from ..accounts.models import Account
from ..scope import RIGHTS, needs
from . import catalogue
from . import tokens as kept
from .forms import DAY, Wanted
from .models import Token

WORDS: Final = {
    "vehicles": "les véhicules et leur état",
    "vehicles/{vehicle}": "un véhicule",
    "units": "les boîtiers, par leur dernier mot",
    "stops": "les arrêts, jamais le chemin entre eux",
    "workshops": "les ateliers et leurs places",
    "aggregates": "les sommes par boîtier, sans secret statistique : à ne pas publier",
    "tables": "les tableaux des rapports, petits nombres masqués",
    "completeness": "jusqu'où tout est arrivé",
    "events": "les faits dans l'ordre d'arrivée (aussi /api/v1/cloudevents)",
}
"""Endpoint → what people read of it."""


@needs("manage_accounts")
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Any) -> HttpResponse:
    """All tokens, and a form for one more."""
    form = Wanted(request.POST or None)
    text, now = "", clock.now()
    if request.method == "POST" and form.is_valid():
        text = _made(request, form.cleaned_data, now)
        form = Wanted()
    context = {
        "page": "accounts",
        "tokens": Token.objects.select_related("territory", "centre__territory", "by"),
        "form": form,
        "text": text,
        "now": now,
        "endpoints": [
            (catalogue.ROOT + each.name, WORDS[each.name], _roles(each.right))
            for each in catalogue.ENDPOINTS
        ],
    }
    return render(request, "api/tokens.html", context, status=400 if form.errors else 200)


@needs("manage_accounts")
@require_POST
def close(request: Any, number: int) -> HttpResponse:
    """It opens nothing from now on."""
    token = get_object_or_404(Token, pk=number)
    deeds.note(deeds.deed(request, "token_closed", _about(token.name), "jeton"))
    kept.close(token, clock.now())
    messages.success(request, f"Le jeton « {token.name} » est fermé.")
    return redirect("api:tokens")


def _made(request: Any, said: dict[str, Any], now: int) -> str:
    wanted = {name: said[name] for name in ("name", "role", "territory", "centre")}
    deeds.note(deeds.deed(request, "token_made", _about(said["name"]), _opens(said)))
    _, text = kept.make(request.user, now, expires=now + said["days"] * DAY, **wanted)
    return text


def _opens(said: dict[str, Any]) -> str:
    """What it lets see and how long, for the audit."""
    whose = Account(role=said["role"], territory=said["territory"], centre=said["centre"])
    return f"{whose.get_role_display()}, {whose.of()}, {said['days']} jours"


def _roles(right: str) -> str:
    """Who has it, as the form says it."""
    return ", ".join(label for role, label in Account.Role.choices if right in RIGHTS[role])


def _about(name: str) -> str:
    return f"jeton {name}"
