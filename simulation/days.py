"""The days of one vehicle as a script, from a seed: boots, duty, stops, visitors, closing.

Deterministic: the same vehicle, seed and plans make the same deeds, to the millisecond.
"""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from protocol import day, duty, stops, unit
from protocol.event import Event, Key

from . import visitors
from .plans import Halt, Plan, next_workshop, workshop_of
from .script import Boot, Deed, Newcomers, Script, weave
from .vehicles import Vehicle
from .visitors import MINUTE, Stand

PlanOf = Callable[[date], Plan | None]


class Life:
    """What happens to one vehicle from one day to another."""

    def __init__(
        self,
        vehicle: Vehicle,
        seed: int,
        plan_of: PlanOf,
        *,
        version: str,
        gps_until: date = date.max,
    ) -> None:
        """`version`: of the software that the box says it runs; `gps_until`: its last day with."""
        self._vehicle, self._plan_of, self._version = vehicle, plan_of, version
        self._gps_until = gps_until
        self.chance = Random(f"{seed} {vehicle.unit}")
        self._staff = tuple("".join(self.chance.sample("ABCDEFGJLMNPRSTV", 2)) for _ in range(3))
        self._gap = self.chance.uniform(7, 14) * MINUTE
        """Between two visitors."""
        self._communes = tuple(spot.commune for spot in vehicle.spots)
        self._seats: dict[str, list[Key]] = {}
        """Workshop → sign-ups that hold."""
        self._number = self._signed = 0

    def script(self, first: date, last: date | None = None) -> Script:
        """Day after day; for ever when there is no last one."""
        today, end = first, 0
        while last is None or today <= last:
            plan = self._plan_of(today)
            if plan is not None and plan.halts:
                end = yield from self._day(plan)
            today += timedelta(1)
        return end

    def _day(self, plan: Plan) -> Script:
        chance, begins = self.chance, plan.utc(plan.halts[0].opens)
        self._number = self._signed = 0
        started = begins - chance.randrange(40 * MINUTE, 55 * MINUTE)
        boot = Boot(str(uuid.UUID(int=chance.getrandbits(128), version=4)), started)
        booted = unit.Booted(version=self._version, last_stop="clean")
        yield Deed(started + 9_000, "vehicle", booted, boot)
        fix = started + chance.randrange(30_000, 120_000)
        clock = unit.ClockSet(
            boot_id=boot.id, boottime=fix - started, utc=fix, source="gps", error=50
        )
        yield Deed(fix, "vehicle", clock, boot)
        yield Deed(fix + 20 * MINUTE, "screen", duty.Started(), boot)
        at = fix + 20 * MINUTE
        for place, halt in enumerate(plan.halts):
            if place == 1:
                at = yield from self._pause(boot, at + MINUTE, plan.utc(halt.opens) - 8 * MINUTE)
            at = yield from self._halt(plan, halt, boot, at)
        closing = day.Closed(
            check_ins=self._number, sign_ups=self._signed, author=chance.choice(self._staff)
        )
        at += self._about(12 * MINUTE)
        yield Deed(at, "screen", closing, boot)
        at += self._about(MINUTE)
        yield Deed(at, "screen", duty.Ended(), boot)
        return at

    def _pause(self, boot: Boot, at: int, until: int) -> Script:
        if until - at < 10 * MINUTE:
            return at
        yield Deed(at, "screen", duty.Paused(), boot)
        yield Deed(until, "screen", duty.Resumed(), boot)
        return until

    def _halt(self, plan: Plan, halt: Halt, boot: Boot, at: int) -> Script:
        """One stop, and who came."""
        at = max(plan.utc(halt.opens) - self._about(6 * MINUTE), at + 5 * MINUTE)
        closes, word = plan.utc(halt.closes), stops.Arrived(source="driver")
        stop = yield Deed(at, "screen", word, boot)
        has_gps = plan.day <= self._gps_until
        if has_gps:
            arrived = self._arrived(halt, stop)
            stop = yield Deed(at + 180_000, "vehicle", arrived, boot)
        yield Deed(at + 200_000, "screen", day.Unlocked(), boot)
        stand = Stand(self.chance, boot, stop, self._communes, self._staff)
        newcomers = self._newcomers(stand, plan, at + 4 * MINUTE, closes - 8 * MINUTE)
        at = yield from weave(newcomers, at + 200_000)
        at = max(closes, at + 30_000) + self.chance.randrange(3 * MINUTE)
        leaving: Event = stops.Departed(source="driver")
        yield Deed(at, "screen", leaving, boot)
        if has_gps:
            leaving = stops.Departed(source="both", stop=stop, ago=self.chance.randrange(20_000))
            yield Deed(at + 20_000, "vehicle", leaving, boot)
        return at + 20_000

    def _newcomers(self, stand: Stand, plan: Plan, at: int, until: int) -> Newcomers:
        """Who comes by, one after the other, as long as the stop is open."""
        chance, vehicle = self.chance, self._vehicle
        today, coming = workshop_of(vehicle, plan.day), next_workshop(vehicle, plan.day)
        if today is not None and today.id in self._seats:
            taken = self._seats.pop(today.id)
            yield at, visitors.attendance(stand, at, today, taken)
        if chance.random() < 0.12:
            yield at, visitors.trouble(stand, at)
        if chance.random() < 0.1:
            yield at, visitors.tally(stand, at + MINUTE)
        while (at := at + round(chance.expovariate(1 / self._gap))) < until:
            if chance.random() < 0.12:
                self._signed += 1
                number, taken = chance.randrange(100, 999), self._seats.setdefault(coming.id, [])
                yield at, visitors.sign_up(stand, at, coming, number, taken)
            else:
                self._number += 1
                yield at, visitors.visit(stand, at, self._number)

    def _arrived(self, halt: Halt, word: Key) -> Event:
        spot, away = halt.spot, self.chance.gauss
        return stops.Arrived(
            source="both",
            ago=180_000,
            cites=word,
            lat=round(spot.lat + away(0, 2e-5), 6),
            lon=round(spot.lon + away(0, 2e-5), 6),
            planned=spot.id,
            name=spot.name,
            commune=spot.commune,
        )

    def _about(self, milliseconds: int) -> int:
        return round(milliseconds * self.chance.uniform(0.6, 1.4))
