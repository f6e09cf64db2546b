"""Every vehicle as it stands, read in a few questions for all: for the page, alerts and metrics.

Reads both stores and writes neither. What it read is kept between two reads and looked at again
only where it changed; verdicts (federation/fleet_state.py) are made anew at each moment.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from protocol import messages
from protocol.documents import Tours as Published
from protocol.messages import Status

from . import coverage, fleet, fleet_state
from .absorb import EpochState
from .coverage import Past, Place
from .database import Database
from .fleet import JournalLine, Presence
from .fleet_state import Coverage, Duty, Facts, Standing
from .fleet_tours import Tours
from .fleet_troubles import Trouble, troubles
from .registry import Registry, Vehicle

LEARN: Final = 15 * 60 * 1000
"""Milliseconds between two looks at what past stops teach of places."""

_UNITS: Final = """
SELECT unit.unit, online, since, status, status_received, apart, not_authentic,
    (SELECT max(not_after) FROM certificate WHERE certificate.unit = unit.unit)
FROM unit
"""
_EPOCHS: Final = """
SELECT epoch.unit, epoch.epoch, epoch.journal, epoch.state,
    (SELECT event.received FROM event WHERE event.unit = epoch.unit
        AND event.epoch = epoch.epoch ORDER BY event.seq DESC LIMIT 1),
    (SELECT dated.utc FROM dated WHERE dated.unit = epoch.unit AND dated.epoch = epoch.epoch
        AND dated.seq <= epoch.stored_to ORDER BY dated.seq DESC LIMIT 1)
FROM epoch
"""
_LAST_STOPS: Final = """
SELECT stop.unit, stop.name, stop.lat, stop.lon, stop.arrived, stop.departed
FROM stop JOIN (SELECT unit, max(arrived) AS arrived FROM stop GROUP BY unit) AS last
    ON last.unit = stop.unit AND last.arrived = stop.arrived
"""
_states = msgspec.json.Decoder(EpochState)


class Where(NamedTuple):
    """The stop it stands or last stood at; moments in milliseconds since 1970."""

    name: str
    lat: float | None
    lon: float | None
    arrived: int | None
    departed: int | None


class UnitFacts(NamedTuple):
    """One box, by the ledger."""

    unit: str
    link: Presence | None
    since: int | None
    heard: int | None
    word: Status | None
    said_at: int | None
    """When the word came."""
    lines: Sequence[JournalLine]
    backlog: int
    complete_to: int | None
    """Everything that happened on board up to this moment is here."""
    certificate_until: int | None
    where: Where | None
    apart: int
    not_authentic: int


class VehicleFacts(NamedTuple):
    """One vehicle now."""

    vehicle: Vehicle | None
    """None: a box that rides in no vehicle."""
    unit: str | None
    box: UnitFacts | None
    facts: Facts
    standing: Standing
    in_tour: bool
    troubles: Sequence[Trouble]

    @property
    def key(self) -> str:
        """v12, or u:unit."""
        return f"v{self.vehicle.id}" if self.vehicle else f"u:{self.unit}"

    @property
    def name(self) -> str:
        """What people call it."""
        return self.vehicle.name if self.vehicle else self.unit or ""

    @property
    def version(self) -> str:
        """Of the software on board, by its last word."""
        return self.box.word.version if self.box and self.box.word else ""


class FleetReader:
    """Keeps what it read. Of one thread at a time."""

    def __init__(self) -> None:
        self._rows: dict[str, Any] = {}
        self._epochs: dict[str, list[tuple[Any, ...]]] = {}
        self._boxes: dict[str, tuple[Any, Any, UnitFacts]] = {}
        self._same_place: set[str] = set()
        """Units whose last stop did not change since their facts were made."""
        self._words: dict[str, tuple[bytes, Status]] = {}
        self._where: dict[str, Where] = {}
        self._tours = Tours()
        self._past: Mapping[Place, Past] = {}
        self._said: Mapping[str, Coverage] = {}
        self._learnt_at = 0
        self.registry = Registry(())

    def load(self, ledger: Database | None, web: Database, registry: Registry, now: int) -> None:
        """Reads what is there; needed again after anything was committed. `ledger` None: none yet.

        `now` in milliseconds since 1970.
        """
        self.registry = registry
        self._tours.load(web)
        self._said = coverage.said(web)
        if ledger is None:
            return
        self._rows = {row[0]: row for row in ledger.execute(_UNITS)}
        self._epochs = {}
        for unit, *row in ledger.execute(_EPOCHS):
            self._epochs.setdefault(unit, []).append(tuple(row))
        if ledger.columns("stop"):
            self._take_stops(ledger)
            if now - self._learnt_at >= LEARN:
                self._past, self._learnt_at = coverage.past(ledger, registry, now), now

    def _take_stops(self, ledger: Database) -> None:
        found = {unit: Where(*rest) for unit, *rest in ledger.execute(_LAST_STOPS)}
        self._same_place = {
            unit for unit in self._same_place if found.get(unit) == self._where.get(unit)
        }
        self._where = found

    def coverage_of(self, place: Place) -> Coverage:
        """What is known of a planned place."""
        return coverage.known(self._said, self._past, place)

    def tours(self, unit: str | None) -> Published:
        """What was published last of a box's tours."""
        return self._tours.of(unit or "")

    def past(self, place: Place) -> Past:
        """What its stops of the last 60 days were like."""
        return self._past.get(place, Past())

    def said(self, place: Place) -> Coverage | None:
        """What a coordinator said of it."""
        return self._said.get(place[1])

    def vehicles(self, now: int) -> Iterator[VehicleFacts]:
        """Every vehicle, then the boxes that ride in none."""
        riding: set[str] = set()
        for vehicle in self.registry.vehicles:
            riding.update(vehicle.units)
            yield self._vehicle(vehicle, vehicle.unit, now)
        for unit in sorted(self._rows.keys() - riding):
            yield self._vehicle(None, unit, now)

    def _vehicle(self, vehicle: Vehicle | None, unit: str | None, now: int) -> VehicleFacts:
        box = self.box(unit, now) if unit is not None else None
        found = self._troubles(box, now)
        zone = vehicle.zone if vehicle else self.registry.zone(unit or "")
        plan = self.plan(vehicle, unit, zone, now)
        facts = Facts(
            link=box.link if box else None,
            since=box.since if box else None,
            heard=box.heard if box else None,
            duty=_duty(box),
            plan=plan,
            troubles=[trouble.code for trouble in found],
            zone=zone,
            has_unit=unit is not None,
            retired=bool(vehicle and vehicle.retired),
        )
        verdict = fleet_state.standing(facts, now)
        touring = fleet_state.in_tour(facts, now)
        return VehicleFacts(vehicle, unit, box, facts, verdict, touring, found)

    def plan(
        self, vehicle: Vehicle | None, unit: str | None, zone: str, now: int
    ) -> Sequence[fleet_state.Planned]:
        """Planned stops of the days around now, with what is known of each place."""
        if unit is None:
            return ()
        code = vehicle.territory_code if vehicle else ""
        stops = self._tours.around(unit, zone, now)
        return [
            fleet_state.Planned(opens, closes, name, self.coverage_of((code, planned)))
            for opens, closes, name, planned in stops
        ]

    def box(self, unit: str, now: int) -> UnitFacts | None:
        """What is known of a box; None: nothing ever came of it."""
        row = self._rows.get(unit)
        if row is None:
            return None
        epochs = self._epochs.get(unit, [])
        kept = self._boxes.get(unit)
        if kept is None or kept[0] != row or kept[1] != epochs or unit not in self._same_place:
            self._same_place.add(unit)
            kept = self._boxes[unit] = (row, epochs, self._box(row, epochs))
        box = kept[2]
        heard = (box.said_at, *(arrival for *_, arrival, _ in epochs))
        link, since = fleet.presence(bool(row[1]), row[2], heard, now)
        return box._replace(link=link, since=since)

    def _box(self, row: tuple[Any, ...], epochs: Sequence[tuple[Any, ...]]) -> UnitFacts:
        unit, _, came, said, said_at, apart, forged, until = row
        word = self._word(unit, said)
        lines = fleet.journal_lines(
            ((epoch, journal, _states.decode(state)) for epoch, journal, state, _, _ in epochs),
            word,
        )
        moments = (came, said_at, *(arrival for *_, arrival, _ in epochs))
        done = {epoch: moment for epoch, *_, moment in epochs}
        shown = (until, word.certificate_until if word else None)
        return UnitFacts(
            unit=unit,
            link=None,
            since=came,
            heard=max((each for each in moments if each is not None), default=None),
            word=word,
            said_at=said_at,
            lines=lines,
            backlog=fleet.totals(lines)[2],
            complete_to=complete_to(lines, done, word, said_at),
            certificate_until=max((each for each in shown if each is not None), default=None),
            where=_place(word) or self._where.get(unit),
            apart=apart,
            not_authentic=forged,
        )

    def _word(self, unit: str, said: bytes | None) -> Status | None:
        if said is None:
            return None
        known = self._words.get(unit)
        if known is None or known[0] != said:
            known = self._words[unit] = (said, messages.decode(said, Status))
        return known[1]

    def _troubles(self, box: UnitFacts | None, now: int) -> list[Trouble]:
        if box is None:
            return []
        forked = any(line.live and line.fork_at is not None for line in box.lines)
        fresh = box.said_at if box.link == "online" else None
        return troubles(box.word, fresh, box.certificate_until, forked, now)


def complete_to(
    lines: Sequence[JournalLine],
    done: Mapping[int, int | None],
    word: Status | None,
    said_at: int | None,
) -> int | None:
    """Up to when everything is here: the unit's last word, or before what still waits on board.

    `done`: epoch → time of the event at its watermark. Milliseconds since 1970; None: not known.
    """
    waiting = [line for line in lines if line.backlog > 0 and line.fork_at is None]
    if not waiting:
        told = word.utc if word is not None else None
        return said_at if told is None or said_at is None else min(told, said_at)
    moments = [done.get(line.epoch) for line in waiting]
    known = [moment for moment in moments if moment is not None]
    return min(known) if len(known) == len(moments) else None


def _duty(box: UnitFacts | None) -> Duty:
    return box.word.duty if box and box.word else "off"


def _place(word: Status | None) -> Where | None:
    place = word.place if word else None
    if place is None:
        return None
    return Where(place.name, place.lat, place.lon, place.arrived, place.departed)
