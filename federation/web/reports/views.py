"""Reports as a page, and as files to take away. Counts nothing: federation/reporting does."""

import logging
import time
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from ...errors import OperatorError
from ...reporting import frozen, making, package, page, snapshot
from ...reporting.figure import Figure
from ...reporting.making import Desk
from ...reporting.plans import Book
from .. import store
from ..scope import needs
from . import asking
from .asking import Asked
from .turns import turn

log = logging.getLogger("web")


@cache
def _book() -> Book:
    return Book()


@needs("see_aggregates")
@require_GET
def report(request: Any) -> HttpResponse:
    """The figures of a territory and a period, with the charts and their tables."""
    asked = asking.asked(request, _today())
    told = _asked(request, asked)
    try:
        with turn():
            told |= _frozen(asked) if asked.funder else _live(asked)
    except OperatorError as error:
        log.warning("no report can be shown: %s", error)
        told["trouble"] = True
    return render(request, "reports/report.html", told)


@needs("see_aggregates")
@require_POST
def files(request: Any) -> HttpResponse:
    """All files in one ZIP, of a snapshot that is kept."""
    asked = asking.asked(request, _today())
    if asked.wrong:
        return _refused(request, asked)
    with turn():
        if asked.funder:
            name, made = _sheet(asked).files()
        else:
            with snapshot.opened(store.config(), None, _now()) as opened:
                name, made = making.make(store.config(), _desk(opened, asked))
    return _given(package.zipped(made, name), f"{name}.zip", "application/zip")


@needs("see_aggregates")
@require_POST
def printed(request: Any) -> HttpResponse:
    """The printed page as PDF, of a snapshot that is kept."""
    asked = asking.asked(request, _today())
    if asked.wrong:
        return _refused(request, asked)
    with turn():
        if asked.funder:
            name, made = _sheet(asked).pdf()
        else:
            with snapshot.opened(store.config(), None, _now()) as opened:
                desk = _desk(opened, asked)
                told = desk.report()
                name, made = package.name(told.facts), page.pdf(desk.page(told))
    return _given(made, f"{name}.pdf", "application/pdf")


def _asked(request: Any, asked: Asked) -> dict[str, Any]:
    return {
        "page": "reports",
        "asked": asked,
        "territories": asking.territories(request, asked.territory),
        "periods": asking.periods(_today(), asked.period, funder=asked.funder),
    }


def _refused(request: Any, asked: Asked) -> HttpResponse:
    """The page with its sentence: never the file of another period than the one asked for."""
    told = _asked(request, asked) | {"refused": True}
    return render(request, "reports/report.html", told, status=400)


def _desk(opened: snapshot.Opened, asked: Asked) -> Desk:
    return Desk(opened, asked.period, asked.territory, vehicles=asked.vehicles)


def _sheet(asked: Asked) -> frozen.Sheet:
    held = frozen.read(store.config(), asked.period, _now(), _book())
    return held.of(asked.territory)


def _frozen(asked: Asked) -> dict[str, Any]:
    held = _sheet(asked)
    return _shown(held.report.facts, held.tiles, held.report.figures, held.report.gauges)


def _live(asked: Asked) -> dict[str, Any]:
    with snapshot.looked_at(store.config(), _now(), _book()) as opened:
        desk = _desk(opened, asked)
        tiles = page.tiles(desk.published, desk.territory)
        return _shown(desk.facts(), tiles, desk.sheet.figures(), desk.sheet.gauges())


def _shown(
    facts: package.Facts,
    tiles: Sequence[page.Tile],
    figures: Sequence[Figure],
    gauges: Sequence[Figure],
) -> dict[str, Any]:
    return {
        "facts": facts,
        "name": facts.territory_name,
        "label": facts.period.label,
        "complete": page.completeness(facts),
        "tiles": tiles,
        "figures": [_drawn(figure) for figure in figures],
        "gauges": [_drawn(figure) for figure in gauges],
    }


def _drawn(figure: Figure) -> dict[str, Any]:
    # Made by charts.py, which escapes every word of people's.
    return figure._asdict() | {"svg": mark_safe(figure.svg)}  # noqa: S308


def _given(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _today() -> date:
    return timezone.localdate()


def _now() -> int:
    return time.time_ns() // 1_000_000
