"""Makes rows of what one event tells whole: incidents, closed days, the unit's own life."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from protocol.day import Closed
from protocol.incidents import Reported as Incident
from protocol.unit import Reported

from .visits import Where
from .words import Local, Word, clean


class IncidentRow(NamedTuple):
    """A row of `incident`."""

    unit: str
    epoch: int
    seq: int
    utc: int
    dated: int
    day: str
    kind: str
    minutes: int | None
    stop_epoch: int | None
    stop_seq: int | None


class DayClosedRow(NamedTuple):
    """A row of `day_closed`."""

    unit: str
    epoch: int
    seq: int
    day: str
    utc: int
    dated: int
    check_ins: int
    sign_ups: int


class ReportRow(NamedTuple):
    """A row of `report`."""

    unit: str
    epoch: int
    seq: int
    utc: int
    dated: int
    version: str
    faults: str
    lines: str


class JourneyRow(NamedTuple):
    """A row of `journey`."""

    unit: str
    epoch: int
    seq: int
    utc: int
    dated: int
    kind: str
    detail: str


def incidents(words: Iterable[Word], local: Local, where: Where) -> Iterator[IncidentRow]:
    """One of each."""
    for word in _counted(words):
        event = word.event
        if isinstance(event, Incident):
            placed = where(event.stop, word.utc)
            yield IncidentRow(
                *_begun(word, local), local.day(word.at), event.kind, event.minutes,
                placed.epoch, placed.seq,
            )  # fmt: skip


def days_closed(words: Iterable[Word], local: Local) -> Iterator[DayClosedRow]:
    """One of each."""
    for word in _counted(words):
        event = word.event
        if isinstance(event, Closed):
            key, at = word.key, word.at
            yield DayClosedRow(
                local.unit, key.epoch, key.seq, local.day(at), at, word.dated,
                event.check_ins, event.sign_ups,
            )  # fmt: skip


def reports(words: Iterable[Word], local: Local) -> Iterator[ReportRow]:
    """One of each."""
    for word in _counted(words):
        event = word.event
        if isinstance(event, Reported):
            faults, lines = (
                msgspec.json.encode(said).decode() for said in (event.faults, event.lines)
            )
            yield ReportRow(*_begun(word, local), clean(event.version), faults, lines)


def journeys(words: Iterable[Word], local: Local) -> Iterator[JourneyRow]:
    """One of each."""
    for word in _counted(words):
        yield JourneyRow(*_begun(word, local), word.event.TYPE, word.body.decode())


def _counted(words: Iterable[Word]) -> Iterator[Word]:
    return (word for word in words if not word.copied and not word.event.trial)


def _begun(word: Word, local: Local) -> tuple[str, int, int, int, int]:
    return local.unit, word.key.epoch, word.key.seq, word.at, word.dated
