"""The fleet at a glance, and what somebody without right to it meets first. Reads only."""

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from ...fleet_state import ORDER
from ...updates import rollouts
from ...updates.rollouts import Rollout
from .. import store
from ..scope import needs
from . import board, drawing, showing, words
from .rows import HEADINGS

FIRST: Final = 1000
"""Rows that the page itself brings; the others come when they are asked for, by touch or search.
Those of 2,400 vehicles would weigh more than the 60 kB that a page may."""


@needs("own_account")
@require_GET
def home(request: Any) -> HttpResponse:
    """Where everybody comes in: the fleet, or the reports for a role that sees no vehicle."""
    return _fleet(request) if request.scope.may("see_fleet") else redirect("reports:report")


def _fleet(request: Any) -> HttpResponse:
    """The vehicles in reach, whoever needs somebody first."""
    whole = showing.sight(board.of(store.config().store), request.scope)
    text, in_need = request.GET.get("q", "")[:80], request.GET.get("soucis") == "1"
    seen = whole.only(text, in_need=in_need) if text or in_need else whole
    first = len(seen.lines) if request.GET.get("tout") == "1" else FIRST
    tiles = whole.tiles
    return render(request, "fleet/fleet.html", {
        "page": "fleet", "headings": HEADINGS, "mark": whole.mark, "trouble": whole.trouble,
        # Made by rows.py and drawing.py, which escape every word of people's.
        "rows": mark_safe("\n".join(line.html for line in seen.lines[:first])),  # noqa: S308
        "marks": mark_safe(whole.marks),  # noqa: S308
        "france": drawing.france(), "map_style": store.config().web.map_style,
        "legend": [(words.LETTERS[state], words.STATES[state]) for state in ORDER],
        "tiles": [(name, tiles[name], said) for name, said in showing.TILES],
        "count": min(first, len(seen.lines)), "more": max(0, len(seen.lines) - first),
        "total": len(whole.lines), "text": text, "in_need": in_need,
        "rollout": _under_way(),
    })  # fmt: skip


def _under_way() -> Rollout | None:
    """The update that somebody should know of."""
    known = rollouts.read(store.config().store)
    return known[0] if known and known[0].state in ("running", "stopped") else None
