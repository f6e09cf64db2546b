"""Brings what vans hold up to what is planned: signed documents in the outbox. Sends nothing.

What is saved as open is the desired state. A kind that nothing was ever planned of is left alone:
somebody may publish it by the command.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from protocol.documents import Body, Settings

from ... import outbox
from ...database import Database
from ...errors import OperatorError
from ...planning import documents
from ...planning import tours as planning
from ...planning.documents import KEPT_AFTER, Draft
from ...registry import Vehicle
from .. import keyring, store
from . import seating, tours
from .models import Allotment, Board, Notice, Workshop


class Wanted(NamedTuple):
    """A document that a van should hold."""

    unit: str
    kind: str
    draft: Draft


def bring_up(now: int | None = None) -> list[str]:
    """Publishes whatever vans do not hold as it is planned; sentences about what did not work.

    `now`: milliseconds since 1970. Raises OperatorError when a store cannot be read or written.
    """
    now = time.time_ns() // 1_000_000 if now is None else now
    with seating.LOCK:
        wanted = list(desired(now))
        key, told = keyring.held().documents, []
        published = latest()
        for each in wanted:
            if each.draft.left_out:
                told.append(f"{each.unit} : {each.draft.left_out}")
            text = documents.encoded(each.draft.body)
            if _is_same(published.get((each.unit, each.kind)), each.draft.body):
                continue
            if key is None:
                return [keyring.NO_PUBLISHING, *told]
            try:
                outbox.publish(store.config().store, key, [each.unit], each.kind, text, now)
            except OperatorError as error:
                told.append(f"{each.unit} : {error}")
    return told


def desired(now: int) -> Iterator[Wanted]:
    """What every van should hold; moves the desk's waiting list up on the way."""
    registry = store.vehicles()
    driving = [each for each in registry.vehicles if each.unit and not each.retired]
    units = {each.id: str(each.unit) for each in driving}
    with seating.ledger() as ledger:
        if ledger is not None:
            seating.settle(ledger)
        shared = _shared(now, ledger, units)
    boards = {each.vehicle_id: each for each in Board.objects.select_related("depot")}
    before = datetime.fromtimestamp(now / 1000, UTC) - timedelta(days=2)
    plan, changes = tours.planned(), tours.changes(before.date())
    for vehicle in driving:
        unit = units[vehicle.id]
        if unit in shared or Allotment.objects.filter(vehicle_id=vehicle.id).exists():
            drafts = [workshop.told(seats) for workshop, seats in shared.get(unit, ())]
            yield Wanted(unit, "programme", documents.programme(drafts, now))
        yield from _of_board(vehicle, boards.get(vehicle.id), plan, changes, now)


def latest() -> dict[tuple[str, str], outbox.Outgoing]:
    """(unit, kind) → the newest that was published."""
    return {(each.unit, each.kind): each for each in outbox.latest(store.config().store)}


def _shared(
    now: int, ledger: Database | None, units: Mapping[int, str]
) -> dict[str, list[tuple[Workshop, int]]]:
    """Unit → the workshops it offers, with its seats. Moves the desk's waiting list up."""
    sent, found = seating.Sent(), dict[str, list[tuple[Workshop, int]]]()
    since = datetime.fromtimestamp((now - KEPT_AFTER) / 1000, UTC)
    coming = Workshop.objects.filter(state="open", starts__gt=since)
    for workshop in coming.prefetch_related("allotments"):
        known = seating.claims(workshop, ledger)
        sharing = seating.share(workshop, known, sent, units)
        if workshop.starts_ms > now:
            seating.move_up(sharing, now)
        for unit, seats in sharing.seats.items():
            found.setdefault(unit, []).append((workshop, seats))
    return found


def _of_board(
    vehicle: Vehicle,
    board: Board | None,
    plan: list[planning.Planned],
    changes: planning.Changes,
    now: int,
) -> Iterator[Wanted]:
    """Tours, settings and notices of a vehicle of which any was ever planned."""
    unit, depot = str(vehicle.unit), board.depot if board else None
    drives = any(tour.vehicle == vehicle.id for tour in plan) or vehicle.id in changes.values()
    if drives or depot is not None:
        today = datetime.fromtimestamp(now / 1000, ZoneInfo(vehicle.zone)).date()
        coming = planning.coming(plan, changes, vehicle.id, today)
        yield Wanted(unit, "tour", documents.tours(coming, depot.stop() if depot else None))
    if board is not None:
        yield Wanted(unit, "settings", Draft(_settings(board)))
    texts = dict(Notice.objects.filter(vehicle_id=vehicle.id).values_list("language", "text"))
    if texts:
        yield Wanted(unit, "notices", documents.notices(texts))


def _settings(board: Board) -> Settings:
    return Settings(
        languages=tuple(board.languages.split()), keep_track_days=board.keep_track_days,
        pin_reset=board.pin_reset,
    )  # fmt: skip


def _is_same(published: outbox.Outgoing | None, body: Body) -> bool:
    """Whether that says the same, field by field, whoever wrote it."""
    if published is None:
        return False
    try:
        told: Any = msgspec.json.decode(published.body, type=type(body))
    except msgspec.DecodeError:
        return False
    return bool(told == body)
