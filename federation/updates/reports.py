"""What units report of a rollout, read from both stores, in the order of territories. Writes none.

A unit's word is its status, which nobody signs, and its signed events `update.applied`.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Final, NamedTuple

import msgspec

from protocol.unit import UpdateApplied

from .. import registry
from ..config import Store
from ..database import Database, reading_ledger, reading_web
from ..fleet_facts import FleetReader, UnitFacts, VehicleFacts
from ..fleet_troubles import troubles
from ..registry import Vehicle
from . import waves
from .rollouts import KIND, Rollout
from .waves import Row, Seen, Word

_NOT_OURS: Final = ("battery", "refused")
"""Troubles that no system brings; of documents see below."""
_OUTCOMES: Final = """
SELECT journey.detail, event.received FROM journey JOIN event ON event.unit = journey.unit
    AND event.epoch = journey.epoch AND event.seq = journey.seq
WHERE journey.unit = ? AND journey.kind = 'update.applied' AND event.received >= ?
ORDER BY event.id DESC
"""


class Told(NamedTuple):
    """A unit of the rollout, and what it rides in."""

    unit: str
    vehicle: Vehicle | None
    seen: Seen


def read(store: Store, rollout: Rollout | None, rows: Mapping[str, Row], now: int) -> list[Told]:
    """Every unit that is to have it, in order. Raises OperatorError while there is no ledger."""
    reader = FleetReader()
    with ExitStack() as stack:
        web = stack.enter_context(reading_web(store))
        ledger = stack.enter_context(reading_ledger(store))
        reader.load(ledger, web, registry.read(web), now)
        words = list(_words(ledger, reader, rollout, rows, now))
    first = rollout.first if rollout else ""
    return sorted(words, key=lambda told: (told.unit != first, *_place(told)))


def _words(
    ledger: Database, reader: FleetReader, rollout: Rollout | None, rows: Mapping[str, Row],
    now: int,
) -> Iterator[Told]:  # fmt: skip
    left = dict(rows)
    for each in reader.vehicles(now):
        row = left.pop(each.unit or "", None) or Row(each.unit or "")
        if row.told is not None or _counts(each, now):
            word = _word(ledger, each.box, row, rollout, now)
            yield Told(row.unit, each.vehicle, Seen(row, word))
    for unit, row in left.items():  # out of its vehicle since: it is gone once it is silent
        word = _word(ledger, reader.box(unit, now), row, rollout, now)
        if not waves.is_silent(word, now):
            yield Told(unit, reader.registry.of(unit), Seen(row, word))


def _counts(each: VehicleFacts, now: int) -> bool:
    """Whether it is to have it: a unit that rides, or one that is tried somewhere."""
    if each.unit is None or each.facts.retired:
        return False
    heard = each.box.heard if each.box else None
    return each.vehicle is not None or not waves.is_silent(Word(heard=heard), now)


def _place(told: Told) -> tuple[bool, str, str, str, str]:
    vehicle = told.vehicle
    if vehicle is None:
        return True, "", "", "", told.unit
    return False, vehicle.territory, vehicle.centre, vehicle.name, told.unit


def _word(
    ledger: Database, box: UnitFacts | None, row: Row, rollout: Rollout | None, now: int
) -> Word:
    if box is None:
        return Word()
    outcome, reason, came = _outcome(ledger, row, rollout)
    word = box.word
    if word is None:
        return Word(heard=box.heard, outcome=outcome, reason=reason, came=came)
    refusal = word.refused.get(KIND)
    return Word(
        heard=box.heard, said=box.said_at, version=word.version,
        troubles=frozenset(_troubles(box, now)),
        outcome=outcome, reason=reason, came=came, holds=word.documents.get(KIND, 0),
        refused=(0, "") if refusal is None else (refusal.revision, refusal.reason),
    )  # fmt: skip


def _outcome(ledger: Database, row: Row, rollout: Rollout | None) -> tuple[str, str, int]:
    """What it said last of this version since it was told, and when that came."""
    if rollout is None or row.told is None or not ledger.columns("journey"):
        return "", "", 0
    for detail, received in ledger.execute(_OUTCOMES, (row.unit, row.told)):
        event = msgspec.json.decode(detail, type=UpdateApplied)
        if event.version == rollout.version:
            return event.outcome, event.reason, received
    return "", "", 0


def _troubles(box: UnitFacts, now: int) -> Iterator[str]:
    """Names by which a trouble is known again: numbers in a fault change by themselves."""
    forked = any(line.live and line.fork_at is not None for line in box.lines)
    fresh = box.said_at if box.link == "online" else None
    for trouble in troubles(box.word, fresh, None, forked, now):
        if trouble.code == "fault":
            yield f"fault: {re.sub('[0-9]+', '#', trouble.detail)}"
        elif trouble.code not in _NOT_OURS:
            yield trouble.code
