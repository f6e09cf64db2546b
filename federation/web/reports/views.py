"""Reports as a page, and as files to take away. Counts nothing: federation/reporting does."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from ...errors import OperatorError
from ...reporting import making, package, page, snapshot
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
    today = _today()
    asked = asking.asked(request, today)
    told: dict[str, Any] = {
        "page": "reports",
        "asked": asked,
        "territories": asking.territories(request, asked.territory),
        "periods": asking.periods(today, asked.period),
    }
    try:
        with turn(), snapshot.looked_at(store.config(), _now(), _book()) as opened:
            told |= _figures(_desk(opened, asked))
    except OperatorError as error:
        log.warning("no report can be shown: %s", error)
        told["trouble"] = True
    return render(request, "reports/report.html", told)


@needs("see_aggregates")
@require_POST
def files(request: Any) -> HttpResponse:
    """All files in one ZIP, of a snapshot that is kept."""
    with _kept(request) as desk:
        name, made = making.make(store.config(), desk)
    return _given(package.zipped(made, name), f"{name}.zip", "application/zip")


@needs("see_aggregates")
@require_POST
def printed(request: Any) -> HttpResponse:
    """The printed page as PDF, of a snapshot that is kept."""
    with _kept(request) as desk:
        told = desk.report()
        made = page.pdf(desk.page(told))
    return _given(made, f"{package.name(told.facts)}.pdf", "application/pdf")


@contextmanager
def _kept(request: Any) -> Iterator[Desk]:
    asked = asking.asked(request, _today())
    with turn(), snapshot.opened(store.config(), None, _now()) as opened:
        yield _desk(opened, asked)


def _desk(opened: snapshot.Opened, asked: Asked) -> Desk:
    return Desk(opened, asked.period, asked.territory, funder=asked.funder, vehicles=asked.vehicles)


def _figures(desk: Desk) -> dict[str, Any]:
    facts = desk.facts()
    return {
        "facts": facts,
        "name": desk.name,
        "label": facts.period.label,
        "complete": page.completeness(facts),
        "tiles": page.tiles(desk.published, desk.territory),
        "figures": [_drawn(figure) for figure in desk.sheet.figures()],
        "gauges": [_drawn(figure) for figure in desk.sheet.gauges()],
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
