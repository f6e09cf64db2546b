"""Figures for Prometheus, worked out when it asks. No series by unit: a fleet has thousands.

From this machine without a word; from elsewhere with a token that sees the whole fleet.
"""

from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, Final

from django.db.models import Count
from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ...alerting import RHYTHMS
from ...fleet_facts import VehicleFacts
from ...fleet_state import ORDER
from .. import clock, store
from ..alerts.models import Alert
from ..fleet import board
from ..scope import public
from . import health, problems
from .door import enter
from .problems import Refused

_FORWARDED: Final = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
_BEHIND: Final = """
SELECT count(*) FROM event WHERE id > (SELECT coalesce(min(event), 0) FROM projected)
"""
_COPIES: Final = """
SELECT count(*), sum(CASE WHEN copy_of IS NULL THEN 0 ELSE 1 END) FROM event
WHERE id > (SELECT max(id) FROM event) - 10000
"""


@public
def metrics(request: Any) -> HttpResponse:
    """All figures, as text."""
    try:
        if not is_local(request):
            enter(request, "see_fleet")
            if not request.scope.everything:
                raise Refused(403, "Give a token of the whole federation.")
    except Refused as refused:
        return problems.answer(refused)
    figures = CollectorRegistry(auto_describe=False)
    figures.register(Figures(clock.now()))
    return HttpResponse(generate_latest(figures), content_type=CONTENT_TYPE_LATEST)


def is_local(request: Any) -> bool:
    """Asked from this machine, by nobody else's means: a proxy here names whom it asks for."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


class Figures(Collector):
    """What is true at one moment (milliseconds since 1970)."""

    def __init__(self, now: int) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure."""
        kept = board.of(store.config().store)
        known = [kept.facts(key) for key in kept.shown()]
        fleet = [one for one in known if one is not None]
        yield _by("escale_vehicles", "Vehicles by state.", "state", _states(fleet))
        yield _by("escale_open_alerts", "Open alerts by kind.", "kind", _alerts())
        boxes = [one.box for one in fleet if one.box is not None]
        yield _one("escale_backlog_events", "Events that wait on board, as far as known.",
                   sum(box.backlog for box in boxes))  # fmt: skip
        oldest = min((b.complete_to for b in boxes if b.backlog and b.complete_to), default=None)
        yield _one("escale_watermark_age_seconds",
                   "Age of the oldest event that is known to wait on board.",
                   0 if oldest is None else max(0, self._now - oldest) / 1000)  # fmt: skip
        state = health.look(self._now)
        yield _one("escale_ready", "Whether the site can do its work.", int(state.ready))
        if state.ingest_heard_seconds is not None:
            yield _one("escale_ingest_heard_seconds", "Since a unit gave a sign of life.",
                       state.ingest_heard_seconds)  # fmt: skip
        if state.ledger:
            yield from self._of_the_ledger()

    def _of_the_ledger(self) -> Iterator[GaugeMetricFamily]:
        with store.ledger() as ledger:
            behind = ledger.execute(_BEHIND).fetchone()[0]
            count, copies = ledger.execute(_COPIES).fetchone()
        yield _one("escale_projection_lag_events", "Events no table for reading has yet.", behind)
        yield _one("escale_copies_ratio",
                   "Of the last 10,000 events those that came under a second key.",
                   (copies or 0) / count if count else 0)  # fmt: skip


def _states(fleet: list[VehicleFacts]) -> dict[str, int]:
    found = Counter(one.standing.state for one in fleet)
    return {state: found[state] for state in ORDER}


def _alerts() -> dict[str, int]:
    found = Alert.objects.filter(state="open").order_by("kind").values_list("kind")
    counted = dict(found.annotate(Count("pk")))
    return {kind: counted.get(kind, 0) for kind in RHYTHMS}


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
