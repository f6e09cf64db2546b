"""The day on board as the screen's journal tells it: numbers, who waits, what for. Pure but `read`.

A day ends with its closing, or when a clock that is known says that it is over: a check-in whose
date is not known belongs to the day that goes on.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from protocol.event import Key
from protocol.visits import Cancelled, CheckedIn, Left, Received

from ..clock import Anchor, utc_at
from .reader import JournalReader
from .stored import Entry

_TYPES = tuple(kind.TYPE for kind in (CheckedIn, Received, Left, Cancelled))


class Visit(NamedTuple):
    """A check-in of today."""

    key: Key
    number: int
    door: str
    theme: str
    people: int
    trial: bool
    boot_id: str
    boottime: int


class Day(NamedTuple):
    """What has happened since the day began."""

    last_number: int
    """The highest number given; 0: none yet."""
    waiting: tuple[Visit, ...]
    """Checked in, neither received nor gone; in the order they came."""
    themes: dict[str, int]
    """Theme → check-ins that count (none made in trial mode, none cancelled)."""

    @property
    def next_number(self) -> int:
        """The number of whoever checks in now."""
        return self.last_number + 1

    @property
    def check_ins(self) -> int:
        """How many check-ins count."""
        return sum(self.themes.values())


def read(reader: JournalReader, *, anchor: Anchor | None, utc: int | None, zone: str) -> Day:
    """The day so far. `anchor` dates rows of its boot; `utc` (ms): now, when it is known."""
    closed = reader.latest(["day.closed"])
    today = _date(utc, zone)
    found = []
    for entry in reader.entries(_TYPES, closed.key if closed else None, newest_first=True):
        if _is_earlier(_date(_utc(entry, anchor), zone), today):
            break
        found.append(entry)
    return fold(reversed(found))


def fold(entries: Iterable[Entry]) -> Day:
    """The day that these events make, oldest first."""
    visits: dict[Key, Visit] = {}
    over, cancelled = set(), set()
    for entry in entries:
        match entry.event:
            case CheckedIn() as event:
                visits[entry.key] = _visit(entry, event)
            case Received(visit=key) | Left(visit=key):
                over.add(key)
            case Cancelled(visit=key):
                over.add(key)
                cancelled.add(key)
    counted = (
        visit.theme for key, visit in visits.items() if not visit.trial and key not in cancelled
    )
    return Day(
        max((visit.number for visit in visits.values()), default=0),
        tuple(visit for key, visit in visits.items() if key not in over),
        dict(Counter(counted)),
    )


def _visit(entry: Entry, event: CheckedIn) -> Visit:
    return Visit(
        entry.key,
        event.number,
        event.door,
        event.theme,
        event.people,
        event.trial,
        entry.boot_id,
        entry.boottime,
    )


def _utc(entry: Entry, anchor: Anchor | None) -> int | None:
    if anchor is not None and anchor.boot_id == entry.boot_id:
        return utc_at(anchor, entry.boottime)
    return entry.utc


def _date(utc: int | None, zone: str) -> date | None:
    return None if utc is None else datetime.fromtimestamp(utc / 1000, ZoneInfo(zone)).date()


def _is_earlier(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other
