"""The day on board as staff see it: every visit and what became of it, what was counted. Pure.

A rehearsal (trial mode) is told apart, and counts nowhere; what is said in one changes nothing
but a rehearsal.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal, NamedTuple

import msgspec

from appliance.journal import Entry
from protocol import standing, workshops
from protocol.event import Event, Key
from protocol.incidents import HelpRequested
from protocol.visits import Cancelled, CheckedIn, Described, Left, Received, Tally

State = Literal["waiting", "received", "left", "cancelled"]
TYPES = tuple(
    kind.TYPE
    for kind in (
        *(CheckedIn, Received, Left, Cancelled, Described, Tally),
        *(workshops.SignedUp, workshops.Cancelled, workshops.Changed, HelpRequested),
    )
)
"""Events that a day is made of."""
OF_A_VISIT: Mapping[type[Event], State] = {
    Received: "received",
    Left: "left",
    Cancelled: "cancelled",
}


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A check-in of today, and how it stands."""

    key: Key
    event: CheckedIn
    boot_id: str
    boottime: int
    utc: int | None
    """When it was, in ms since 1970."""
    state: State = "waiting"
    told: Described | None = None
    """What staff noted of it, the last time."""
    people: int = 1
    words: tuple[Event, ...] = ()
    """All that was said of it."""

    @property
    def number(self) -> int:
        """What the person was given."""
        return self.event.number

    @property
    def is_open(self) -> bool:
        """Whether staff have still to note something of it."""
        return self.state in ("waiting", "received") and self.told is None


class Today(NamedTuple):
    """Since the day began."""

    visits: tuple[Visit, ...] = ()
    """In the order they came."""
    tallies: tuple[Tally, ...] = ()
    sign_ups: Mapping[str, int] = {}
    """Workshop → people who have seats or wait, by the sign-ups made today as they stand now."""
    help_at: int | None = None
    """Boot time of this boot at which help was last asked for."""
    last_told: Described | None = None
    """What staff noted last, of whichever visit."""

    def shown(self, trial: bool) -> tuple[Visit, ...]:
        """What staff work with: rehearsals while one is on, and never else."""
        return tuple(
            visit
            for visit in self.visits
            if visit.state != "cancelled" and visit.event.trial == trial
        )

    def waiting(self, trial: bool) -> tuple[Visit, ...]:
        """Neither received nor gone, by number: one that was struck out and counts again, too."""
        found = (visit for visit in self.shown(trial) if visit.state == "waiting")
        return tuple(sorted(found, key=lambda visit: visit.number))

    def to_note(self, trial: bool) -> tuple[Visit, ...]:
        """Visits that staff have said nothing of yet: those received first."""
        found = (visit for visit in self.shown(trial) if visit.is_open)
        return tuple(sorted(found, key=lambda visit: visit.state == "waiting"))

    @property
    def counted(self) -> tuple[Visit, ...]:
        """Those that count."""
        return self.shown(trial=False)

    def by(self, what: Callable[[Visit], object]) -> Counter[object]:
        """How many visits count under each."""
        return Counter(what(visit) for visit in self.counted)

    @property
    def participants(self) -> int:
        """People counted by hand at street animations."""
        return sum(
            many for tally in self.tallies for row in tally.counts.values() for many in row.values()
        )


def fold(
    entries: Iterable[Entry],
    *,
    boot_id: str = "",
    utc_of: Callable[[Entry], int | None] = lambda entry: entry.utc,
) -> Today:
    """The day these events make, oldest first. `boot_id`: of this boot."""
    visits, tallies = dict[Key, Visit](), list[Tally]()
    of_workshops, help_at, last_told = list[tuple[Key, Event]](), None, None
    for entry in entries:
        match entry.event:
            case CheckedIn() as event:
                visits[entry.key] = _visit(entry, event, utc_of(entry))
            case Received() | Left() | Cancelled() | Described() as event:
                if event.visit in visits:
                    visits[event.visit] = _after(visits[event.visit], event)
                if isinstance(event, Described) and event.source == "staff" and not event.trial:
                    last_told = event
            case Tally(trial=False) as event:
                tallies.append(event)
            case workshops.SignedUp() | workshops.Cancelled() | workshops.Changed() as event:
                of_workshops.append((entry.key, event))
            case HelpRequested() if entry.boot_id == boot_id:
                help_at = entry.boottime
    people = standing.people(of_workshops)
    return Today(tuple(visits.values()), tuple(tallies), people, help_at, last_told)


def _visit(entry: Entry, event: CheckedIn, utc: int | None) -> Visit:
    return Visit(
        key=entry.key,
        event=event,
        boot_id=entry.boot_id,
        boottime=entry.boottime,
        utc=utc,
        people=event.people,
    )


def _after(visit: Visit, event: Event) -> Visit:
    if event.trial and not visit.event.trial:
        return visit
    visit = msgspec.structs.replace(visit, words=(*visit.words, event))
    if isinstance(event, Described):
        people = event.people or visit.people
        told = event if event.source == "staff" else visit.told
        return msgspec.structs.replace(visit, told=told, people=people)
    return msgspec.structs.replace(visit, state=OF_A_VISIT[type(event)])


def minutes_since(visit: Visit, boot_id: str, boottime: int, utc: int | None) -> int | None:
    """How long ago somebody came; None: it was before a cut, and no clock tells."""
    if visit.boot_id == boot_id:
        return max(0, boottime - visit.boottime) // 60_000
    if visit.utc is None or utc is None:
        return None
    return max(0, utc - visit.utc) // 60_000
