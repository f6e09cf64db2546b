"""What every van should hold, from the tables. Publishes nothing."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from protocol.documents import Body, Notices, Programme, Settings, Tours

from ...database import Database
from ...planning import documents
from ...planning import tours as planning
from ...planning.documents import KEPT_AFTER, Draft
from ...registry import Vehicle
from .. import store
from . import seating, tours
from .fetching import with_their
from .models import Board, Notice, Workshop

_Shops = Mapping[str, list[tuple[Workshop, int]]]


class Wanted(NamedTuple):
    """A document that a van should hold."""

    unit: str
    kind: str
    draft: Draft

    @property
    def is_empty(self) -> bool:
        """Whether nothing is planned of its kind."""
        return self.draft.body == _EMPTY[self.kind]


_EMPTY: Mapping[str, Body] = {
    "programme": Programme(), "tour": Tours(), "settings": Settings(), "notices": Notices(),
}  # fmt: skip


def desired(now: int) -> Iterator[Wanted]:
    """All four kinds of every vehicle that drives; moves the desk's waiting list up on the way."""
    registry = store.vehicles()
    driving = [each for each in registry.vehicles if each.unit and not each.retired]
    units = {each.id: str(each.unit) for each in driving}
    with seating.ledger() as ledger:
        if ledger is not None:
            seating.settle(ledger)
        shared = _shared(now, ledger, units)
    boards = {each.vehicle_id: each for each in Board.objects.select_related("depot")}
    texts: dict[int, dict[str, str]] = {}
    for vehicle_id, language, text in Notice.objects.values_list("vehicle", "language", "text"):
        texts.setdefault(vehicle_id, {})[language] = text
    before = datetime.fromtimestamp(now / 1000, UTC) - timedelta(days=2)
    changes = tours.changes(before.date())
    plan = tours.by_vehicle(tours.planned(), changes)
    for vehicle in driving:
        unit, board = units[vehicle.id], boards.get(vehicle.id)
        drafts = {
            "programme": documents.programme([w.told(n) for w, n in shared.get(unit, ())], now),
            "tour": _tours(vehicle, board, plan.get(vehicle.id, []), changes, now),
            "settings": Draft(_settings(board)),
            "notices": documents.notices(texts.get(vehicle.id, {})),
        }
        for kind, draft in drafts.items():
            yield Wanted(unit, kind, draft)


def _shared(now: int, ledger: Database | None, units: Mapping[int, str]) -> _Shops:
    """Unit → the workshops it offers, with its seats."""
    sent, found = seating.Sent(), dict[str, list[tuple[Workshop, int]]]()
    since = datetime.fromtimestamp((now - KEPT_AFTER) / 1000, UTC)
    coming = Workshop.objects.filter(state="open", starts__gt=since)
    workshops = with_their(coming, "allotments")
    known = seating.claims(workshops, ledger)
    for workshop in workshops:
        sharing = seating.share(workshop, known[workshop.code], sent, units)
        if workshop.starts_ms > now:
            seating.move_up(sharing, now)
        for unit, seats in sharing.seats.items():
            found.setdefault(unit, []).append((workshop, seats))
    return found


def _tours(
    vehicle: Vehicle,
    board: Board | None,
    plan: list[planning.Planned],
    changes: planning.Changes,
    now: int,
) -> Draft:
    today = datetime.fromtimestamp(now / 1000, ZoneInfo(vehicle.zone)).date()
    coming = planning.coming(plan, changes, vehicle.id, today)
    depot = board.depot.stop() if board and board.depot else None
    return documents.tours(coming, depot)


def _settings(board: Board | None) -> Settings:
    if board is None:
        return Settings()
    return Settings(
        languages=tuple(board.languages.split()), keep_track_days=board.keep_track_days,
        pin_reset=board.pin_reset,
    )  # fmt: skip
