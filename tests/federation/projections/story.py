"""Makes up what two vans may tell: days of work, late clocks, cards restored, lines corrected."""

import copy
from typing import Any

from hypothesis import strategies as st

from federation import lines
from federation.database import Database
from federation.ledger import Ledger
from federation.projections.basis import Basis
from federation.projections.projector import Projector
from federation.spans import Span
from protocol import day, duty, incidents, stops, unit, visits, workshops
from protocol.event import Event, Key
from protocol.row import Row, Tombstone
from tests.federation.van import Van

from .ground import HOUR, MARKET, NOON, basis

UNITS = ("van-germaine", "van-simone")
MOST = 40
Action = tuple[int, int, int]
stories = st.lists(
    st.tuples(st.integers(0, 27), st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=MOST
)


class Story:
    """Two units with two journals each, and whatever a list of numbers has them write."""

    def __init__(self, actions: list[Action]) -> None:
        self.journals = {
            (name, journal): self._van(name, epoch, journal)
            for name in UNITS
            for epoch, journal in ((7, "screen"), (9, "vehicle"))
        }
        self.cards: list[Van] = []
        self.told = {name: [Key(7, 1), Key(9, 1)] for name in UNITS}
        for action in actions:
            self._act(*action)

    def cards_to_send(self) -> list[Van]:
        """Every journal file that there ever was."""
        found = [*self.cards, *self.journals.values()]
        return [van for card in found for van in card.journals() if van.rows]

    def _van(self, name: str, epoch: int, journal: str) -> Van:
        van = Van(name, epoch, journal)
        van.boot_id, van.utc_at_boot = f"{name}-boot-1", None
        return van

    def _act(self, what: int, first: int, second: int) -> None:
        name = UNITS[first % 2]
        screen, vehicle = self.journals[name, "screen"], self.journals[name, "vehicle"]
        known = self.told[name]
        a, b = known[first % len(known)], known[second % len(known)]
        if what == 0:
            self._learn(name, vehicle, first, second)
        elif what == 1:
            for van in (screen, vehicle):
                van.boot_id, van.boottime = f"{name}-boot-{second}", second * 1000
                van.utc_at_boot = NOON + second * HOUR if second % 3 == 0 else None
        elif what == 2:
            self._restore(screen if second % 2 else vehicle, first)
        else:
            van = vehicle if what in range(10, 16) else screen
            for event in self._events(what, a, b, first, second):
                van.boottime += 7 * 60_000
                row = van.append(event)
                known.append(Key(van.epoch, row.seq))

    def _learn(self, name: str, vehicle: Van, first: int, second: int) -> None:
        boot, at = f"{name}-boot-{second}", vehicle.boottime
        said = NOON + (first - 5) * 5 * HOUR
        vehicle.append(unit.ClockSet(boot_id=boot, boottime=at, utc=said, source="gps", error=9))

    def _restore(self, van: Van, first: int) -> None:
        """From somewhere on, this card's rows go under a new epoch; what was sent is sent."""
        if van.head:
            self.cards.append(van.restored())
            van._rotate(first % van.head + 1)

    def _events(self, what: int, a: Key, b: Key, first: int, second: int) -> list[Event]:
        trial = second == 11
        place: dict[str, Any] = {"lat": MARKET.lat + first / 90, "lon": MARKET.lon}
        choice: dict[int, Event] = {
            3: visits.CheckedIn(number=1, door="sante", theme="sante", people=first, trial=trial),
            4: visits.CheckedIn(number=2, door="droits", theme="droits", stop=a),
            5: visits.Received(visit=a, trial=trial),
            6: visits.Left(visit=a),
            7: visits.Described(visit=a, source="staff", themes=("droits",), people=second),
            8: visits.Described(visit=b, source="visitor", gender="feminin", age_band="18_24"),
            9: visits.Cancelled(visit=a, reason="mistake"),
            10: stops.Arrived(source="gps", ago=second * 60_000, **place),
            11: stops.Arrived(source="both", stop=a, cites=b, name="École", trial=trial),
            12: stops.Departed(source="gps", stop=a, ago=first * 60_000),
            13: stops.Departed(source="both", stop=a, cites=b),
            14: stops.Corrected(stop=a, merged_into=b),
            15: stops.Corrected(stop=a, cancelled=second > 8, still_there=second < 4, **place),
            16: stops.Arrived(source="driver", planned="place-1", commune="59009"),
            17: stops.Departed(source="driver"),
            18: visits.Tally(theme="sante", counts={"18_24": {"feminin": first}}, stop=a),
            19: workshops.SignedUp(workshop="cv", number=first, seats=second, waiting=first),
            20: workshops.Cancelled(sign_up=a, seats=first),
            21: workshops.Changed(sign_up=a, seats=first, waiting=second, cause="asked"),
            22: workshops.Attended(workshop="cv", status="seen", sign_up=a, people=second),
            23: workshops.Attended(workshop="cv", status="non_communique", corrects=a),
            24: workshops.Attended(
                workshop="cv", status="noshow", sign_up=a, unit=UNITS[second % 2], corrects=b
            ),
            25: incidents.Reported(kind="delay", minutes=first, stop=a),
            26: day.Closed(check_ins=first),
        }
        if what == 27:
            kinds = (duty.Started, duty.Paused, duty.Resumed, duty.Ended)
            return [kinds[second % 4](trial=trial)]
        return [choice[what]]


class Post:
    """Sends what is on cards, piece by piece, in any order, some of it twice or hollow first."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.database: Database = ledger.database

    def pieces(self, story: Story, size: int) -> list[tuple[Van, int, int]]:
        """All that is to be sent."""
        return [
            (van, first, min(van.head, first + size - 1))
            for van in story.cards_to_send()
            for first in range(1, van.head + 1, size)
        ]

    def send(self, piece: tuple[Van, int, int], *, hollow: bool = False) -> None:
        """One message arrives."""
        van, first, last = piece
        if hollow:
            van = copy.deepcopy(van)
            van.rows[first - 1] = _grave(van.rows[first - 1])
        with self.ledger.transaction():
            self.ledger.store(van.batch(first, last), NOON + 100 * HOUR)
            # The ledger does so by itself where it found a fork: here none is told of any.
            lines.mark_copies(self.database, van.unit, van.epoch, Span(first, last))


def _grave(row: Row | Tombstone) -> Tombstone:
    if isinstance(row, Tombstone):
        return row
    return Tombstone(row.seq, row.type, len(row.body), row.digest)


def surroundings() -> Basis:
    """Two zones, one known place."""
    return basis(lambda name: "America/Cayenne" if name == UNITS[1] else "Europe/Paris")


def projector(database: Database) -> Projector:
    """At work beside it."""
    return Projector(database, surroundings)
