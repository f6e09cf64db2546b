"""The day on board as the screen's journal tells it: numbers, who waits, what for. Pure but `read`.

A day ends with its closing, or when a date that is known says that it is over: a check-in whose
date is not known belongs to the day that goes on.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple
from zoneinfo import ZoneInfo

from protocol import standing, workshops
from protocol.event import Event, Key
from protocol.visits import Cancelled, CheckedIn, Left, Received

from ..clock import Anchor, utc_at
from .reader import JournalReader
from .stored import Entry

LONGEST = 5000
"""Events of one day at the most: without any date, more are not looked through at a touch."""
_OF_WORKSHOPS = (workshops.SignedUp, workshops.Cancelled, workshops.Changed)
_TYPES = tuple(kind.TYPE for kind in (CheckedIn, Received, Left, Cancelled, *_OF_WORKSHOPS))


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
    sign_ups: int = 0
    """People who have seats or wait, by the sign-ups of this day as they stand now; none made in
    trial mode."""

    @property
    def next_number(self) -> int:
        """The number of whoever checks in now."""
        return self.last_number + 1

    @property
    def check_ins(self) -> int:
        """How many check-ins count."""
        return sum(self.themes.values())


def read(
    readers: Iterable[JournalReader], *, anchor: Anchor | None, utc: int | None, zone: str
) -> Day:
    """The day so far. `anchor` dates rows of its boot; `utc` (ms): now, when it is known.

    `readers`: the journal in use, then those put aside, the newest first; the next one is asked
    for when the day may have begun in it.
    """
    return fold(entries(readers, _TYPES, anchor=anchor, utc=utc, zone=zone))


def entries(
    readers: Iterable[JournalReader],
    types: Sequence[str],
    *,
    anchor: Anchor | None,
    utc: int | None,
    zone: str,
) -> list[Entry]:
    """Everything of these types since the day began, oldest first; all else as for `read`."""
    found = _newest_first(readers, types, anchor, _date(utc, zone), zone)
    return list(found)[::-1]


def of_date(
    readers: Iterable[JournalReader],
    types: Sequence[str],
    *,
    anchor: Anchor | None,
    utc: int | None,
    zone: str,
) -> list[Entry]:
    """The same of what no closing ends, such as stops: all of the date, when that is known."""
    today = _date(utc, zone)
    found = _newest_first(readers, types, anchor, today, zone, closes=today is None)
    return list(found)[::-1]


def _newest_first(
    readers: Iterable[JournalReader],
    types: Sequence[str],
    anchor: Anchor | None,
    today: date | None,
    zone: str,
    *,
    closes: bool = True,
) -> Iterator[Entry]:
    for reader in readers:
        closed = reader.latest(["day.closed"]) if closes else None
        found = reader.entries(types, closed.key if closed else None, newest_first=True)
        for entry in islice(found, LONGEST):
            dated = _date(utc_of(entry, anchor), zone)
            # Without a clock it is, as far as anybody knows, the last day that had a date.
            today = today or dated
            if _is_earlier(dated, today):
                return
            yield entry
        if closed:
            return


def fold(entries: Iterable[Entry]) -> Day:
    """The day that these events make, oldest first. A rehearsal changes nothing but another one."""
    visits: dict[Key, Visit] = {}
    over, cancelled = set[Key](), set[Key]()
    of_workshops = list[tuple[Key, Event]]()
    for entry in entries:
        match entry.event:
            case CheckedIn() as event:
                visits[entry.key] = _visit(entry, event)
            case Received() | Left() | Cancelled() as word:
                if word.trial and word.visit in visits and not visits[word.visit].trial:
                    continue
                over.add(word.visit)
                if isinstance(word, Cancelled):
                    cancelled.add(word.visit)
            case workshops.SignedUp() | workshops.Cancelled() | workshops.Changed() as word:
                of_workshops.append((entry.key, word))
    counted = (
        visit.theme for key, visit in visits.items() if not visit.trial and key not in cancelled
    )
    return Day(
        max((visit.number for visit in visits.values()), default=0),
        tuple(visit for key, visit in visits.items() if key not in over),
        dict(Counter(counted)),
        sum(standing.people(of_workshops).values()),
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


def utc_of(entry: Entry, anchor: Anchor | None) -> int | None:
    """When it happened, in ms since 1970, as well as it is known now."""
    if anchor is not None and anchor.boot_id == entry.boot_id:
        return utc_at(anchor, entry.boottime)
    return entry.utc


def _date(utc: int | None, zone: str) -> date | None:
    return None if utc is None else datetime.fromtimestamp(utc / 1000, ZoneInfo(zone)).date()


def _is_earlier(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other
