"""The page of the update that is on its way to the vehicles. Tells no unit by itself.

What is decided and sent is in federation/updates; the chore below takes a step each minute.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ...errors import OperatorError
from ...updates import reports, rollouts, stepping, waves
from ...updates.reports import Told
from ...updates.rollouts import Rollout
from ...updates.waves import Standing
from .. import keyring, store
from ..accounts import deeds
from ..chores import Chore
from ..scope import Scope, needs
from . import board as boards
from . import words

STATES: Final[Mapping[Standing, tuple[str, str]]] = {
    "planned": ("prévue", ""),
    "already": ("déjà à jour", "ok"),
    "told": ("annoncée", "care"),
    "applied": ("appliquée, à l'essai", "care"),
    "passed": ("appliquée", "ok"),
    "silent": ("sans nouvelles", "care"),
    "refused": ("refusée", "bad"),
    "rolled_back": ("revenue à l'ancienne", "bad"),
    "trouble": ("appliquée, avec un nouvel ennui", "bad"),
    "aside": ("laissée de côté", ""),
}
"""How a unit stands → what the page says, and in which tone."""
STOPS: Final[Mapping[str, str]] = {
    "refused": "{unit} l'a refusée",
    "rolled_back": "retour à l'ancienne version sur {unit}",
    "trouble": "{unit} a un nouvel ennui depuis",
    "silent": "{unit} et d'autres ne donnent plus de nouvelles depuis qu'elle leur est annoncée",
    "person": "quelqu'un l'a arrêtée",
}
NO_CHANGE: Final = "Rien n'a changé : la mise à jour n'est plus là où cette page la montrait."

log = logging.getLogger("web")


class Line(NamedTuple):
    """A unit as the page shows it."""

    told: Told
    name: str
    wave: int
    state: str
    tone: str
    reason: str
    own: str
    """In the unit's own words, which are English."""
    since: int | None


@needs("see_fleet")
@require_GET
def update(request: Any) -> HttpResponse:
    """How far it came, of the vehicles in reach."""
    where, now = store.config().store, boards.utc()
    known = rollouts.read(where)
    told: dict[str, Any] = {"page": "fleet", "now": now, "rollout": known and known[0]}
    if known is None:
        return render(request, "fleet/update.html", told)
    rollout = known[0]
    try:
        units = reports.read(where, *known, now)
    except OperatorError:
        units, told["no_ledger"] = [], True
    mine = [each for each in units if request.scope.reaches(each.unit)]
    told |= {
        "lines": lines(mine, rollout, now), "stop": stopped(rollout, units, request.scope),
        "why": words.of_failure(rollout.stop_reason),
        "wave": max((each.seen.row.wave for each in units), default=0),
        "others": len(units) - len(mine),
        "megabytes": -(-rollout.size // 1_000_000),
        "closed": keyring.NO_PUBLISHING if keyring.held().documents is None else "",
    }  # fmt: skip
    return render(request, "fleet/update.html", told)


@needs("manage_updates")
@require_POST
def resume(request: Any) -> HttpResponse:
    """It goes on; those that failed are left aside, or try again."""
    retry = request.POST.get("retry") == "1"
    return _done(
        request, "update_resumed", "Elle continue.",
        lambda where, now: stepping.resume(where, now, retry=retry),
    )  # fmt: skip


@needs("manage_updates")
@require_POST
def stop(request: Any) -> HttpResponse:
    """Nobody else takes it."""
    said = "Elle est arrêtée : plus aucun véhicule ne la prend."
    return _done(request, "update_stopped", said, stepping.stop)


@needs("manage_updates")
@require_POST
def mobile(request: Any) -> HttpResponse:
    """It may come over 4G too."""
    said = "Elle peut aussi venir par la 4G, dans la limite de chaque jour."
    return _done(request, "update_mobile", said, stepping.allow_mobile)


def lines(units: Iterable[Told], rollout: Rollout, now: int) -> list[Line]:
    """Those that were told first, wave by wave."""
    found = [_line(each, rollout, now) for each in units]
    return sorted(found, key=lambda line: line.wave or len(waves.SIZES) + 1)


def stopped(rollout: Rollout, units: Iterable[Told], scope: Scope) -> str:
    """Why it stands, for somebody who may not reach whom it failed on; empty: it does not."""
    if not rollout.stop:
        return ""
    names = {each.unit: _name(each) for each in units}
    unit = rollout.stop_unit
    name = names.get(unit, unit) if scope.reaches(unit) else "un véhicule d'ailleurs"
    return STOPS[rollout.stop].format(unit=name)


def _line(told: Told, rollout: Rollout, now: int) -> Line:
    row, word = told.seen
    how = waves.standing(told.seen, rollout.version, now)
    state, tone = STATES[how]
    reason, own = words.of_failure(row.reason)
    since = row.passed or row.applied or row.told
    if how == "told":
        held = row.revision and word.holds >= row.revision
        reason = "connue à bord" if held else ""
        if not rollout.mobile:
            reason = ", ".join(filter(None, (reason, "attend le Wi-Fi du dépôt")))
    elif how == "silent":
        since = word.heard
    return Line(told, _name(told), row.wave, state, tone, reason, own, since)


def _name(told: Told) -> str:
    return told.vehicle.name if told.vehicle else told.unit


def _done(request: Any, deed: str, said: str, act: Callable[[Any, int], Rollout]) -> HttpResponse:
    """Acts, writes it down, and tells units at once what follows."""
    where, now = store.config().store, boards.utc()
    try:
        rollout = act(where, now)
        deeds.note(deeds.deed(request, deed, f"version {rollout.version}", ""))
        stepping.step(where, keyring.held().documents, now)
    except OperatorError as error:
        log.info("%s", error)
        messages.error(request, NO_CHANGE)
    else:
        messages.success(request, said)
    return redirect("fleet:update")


def _step(now: int) -> None:
    stepping.step(store.config().store, keyring.held().documents, now)


CHORES: Final = (Chore("updates", 60, _step),)
