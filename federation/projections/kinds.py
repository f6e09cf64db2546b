"""Which subjects an event is about, and under which keys. Pure; makes none of them."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from protocol import day, duty, incidents, stops, unit, visits, workshops
from protocol.event import Event, Key


class Kind(IntEnum):
    """What tables for reading tell of. Stops come first: others are told by where they were."""

    STOPS = 0
    """All stops of a unit together: a departure may be of whichever is open."""
    DUTY = 1
    VISIT = 2
    TALLIED = 3
    SIGN_UP = 4
    ATTENDANCE = 5
    INCIDENT = 6
    DAY_CLOSED = 7
    REPORT = 8
    JOURNEY = 9
    AT_STOP = 99
    """No subject: that an event cites a stop."""


class About(NamedTuple):
    """A subject, by a key that an event gives it."""

    kind: Kind
    owner: str
    """The unit whose key it is; empty: all of the unit that told it."""
    key: Key


WHOLE: Final = Key(0, 0)
"""Of subjects that are made from all that a unit told."""
SHELF: Final = Key(0, 1)
"""Of words about stops that need not be looked at (shelving.py)."""
_STOPS = (stops.Arrived, stops.Departed, stops.Corrected)
_DUTY = (duty.Started, duty.Paused, duty.Resumed, duty.Ended)
_OF_VISIT = (visits.Received, visits.Left, visits.Described, visits.Cancelled)
_OF_SIGN_UP = (workshops.Cancelled, workshops.Changed, workshops.Called)
_ALONE: Final[dict[type[Event], Kind]] = {
    visits.CheckedIn: Kind.VISIT,
    visits.Tally: Kind.TALLIED,
    workshops.SignedUp: Kind.SIGN_UP,
    incidents.Reported: Kind.INCIDENT,
    day.Closed: Kind.DAY_CLOSED,
    unit.Reported: Kind.REPORT,
    unit.Booted: Kind.JOURNEY,
    unit.SettingsApplied: Kind.JOURNEY,
    unit.UpdateApplied: Kind.JOURNEY,
    unit.JournalSetAside: Kind.JOURNEY,
    unit.EpochRotated: Kind.JOURNEY,
    unit.DiskFaulted: Kind.JOURNEY,
    incidents.HelpRequested: Kind.JOURNEY,
}
PLACED: Final = {visits.CheckedIn, visits.Tally, incidents.Reported}
"""Those that happen at a stop."""
AT: Final = tuple(kind for event, kind in _ALONE.items() if event in PLACED)
"""The kinds of those."""
FIRST: Final = {kind.TYPE: number for kind, number in _ALONE.items()}
"""Type of an event that begins a subject → its kind."""


def abouts(unit_: str, key: Key, event: Event) -> Iterator[About]:
    """The subjects of an event; the first is the one it is itself told by."""
    if isinstance(event, _STOPS):
        yield About(Kind.STOPS, "", WHOLE)
    elif isinstance(event, _DUTY):
        yield About(Kind.DUTY, "", WHOLE)
    elif isinstance(event, _OF_VISIT):
        yield About(Kind.VISIT, unit_, event.visit)
    elif isinstance(event, _OF_SIGN_UP):
        yield About(Kind.SIGN_UP, unit_, event.sign_up)
    elif isinstance(event, workshops.Attended):
        yield from _attendance(unit_, key, event)
    elif type(event) in _ALONE:
        yield About(_ALONE[type(event)], unit_, key)
        stop = getattr(event, "stop", None)
        if stop is not None:
            yield About(Kind.AT_STOP, unit_, stop)


def _attendance(unit_: str, key: Key, event: workshops.Attended) -> Iterator[About]:
    """A walk-in is known by its own line, and by the one that it replaces."""
    if event.sign_up is not None:
        yield About(Kind.ATTENDANCE, event.unit or unit_, event.sign_up)
    else:
        yield About(Kind.ATTENDANCE, unit_, key)
    if event.corrects is not None:
        yield About(Kind.ATTENDANCE, unit_, event.corrects)
