"""A simulation from its arguments to its end: founds it, runs it, tells how it goes."""

import argparse
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import appliance.config
from federation import config, service

from . import making, papers, places, vehicles
from .authority import Authority
from .clock import FleetClock
from .errors import OperatorError
from .fleet import Fleet
from .limits import raise_descriptors
from .making import Wanted
from .papers import Papers
from .shared import Shared
from .vehicles import Vehicle

PAST_TOLD = "the past is told; from now on they live by the clock"
TELL_EVERY = 5.0
"""Seconds between two lines of progress."""


def run(arguments: argparse.Namespace) -> int:
    """Until the days are over or somebody stops it; the exit code. Raises OperatorError."""
    settings = config.load(arguments.config)
    folder = arguments.folder or settings.store.data.parent / "simulated"
    members = _members(arguments)
    raise_descriptors(len(members) - arguments.full, arguments.full)
    to = _broker(arguments.broker, settings.broker)
    kept = _papers(arguments, folder, members)
    clock = FleetClock(speed=arguments.speed)
    shared = Shared(
        to, kept, clock, arguments.seed, clock.utc(), random.random, arguments.outages, Counter()
    )
    wanted = Wanted(
        past=arguments.past,
        days=arguments.days,
        at_work=not arguments.by_the_clock,
        full=arguments.full,
        folder=folder / "boxes",
    )
    fleet = Fleet(making.units(shared, members, wanted), ramp=arguments.ramp, now=time.monotonic())
    teller = Teller(fleet, shared, arguments.storm)
    return service.run(teller.step, close=fleet.close, name="simulate")


class Teller:
    """Steps the fleet, says how it goes, breaks the lines when a storm is due."""

    def __init__(self, fleet: Fleet, shared: Shared, storm: float | None) -> None:
        now = time.monotonic()
        self._fleet, self._shared = fleet, shared
        self._storm_at = float("inf") if storm is None else now + storm
        self._tell_at = now
        self._is_settled = False

    def step(self, now: float) -> None:
        """One turn; ends the process when nobody has anything more to do."""
        self._fleet.step(now)
        if now >= self._storm_at:
            self._storm_at = float("inf")
            say("a storm: all connections break")
            self._fleet.storm()
        if not self._is_settled and self._fleet.settled:
            self._is_settled = True
            say(PAST_TOLD)
        if now >= self._tell_at:
            self._tell_at = now + TELL_EVERY
            self._tell()

    def _tell(self) -> None:
        fleet, counts = self._fleet, self._shared.counts
        online, all_of_them = fleet.online, len(fleet.units)
        say(f"{online} of {all_of_them} online, {counts['events']} events, {fleet.backlog} waiting")
        if fleet.over:
            say(f"over: {dict(sorted(counts.items()))}")
            signal.raise_signal(signal.SIGTERM)


def say(text: str) -> None:
    """One line of progress."""
    sys.stdout.write(f"simulate: {text}\n")
    sys.stdout.flush()


def _broker(named: str | None, ours: config.Broker) -> appliance.config.Broker:
    """Where the units speak to."""
    host, port = ours.host, str(ours.port)
    if named is not None:
        host, _, port = named.rpartition(":")
    if not host or not port.isdecimal():
        raise OperatorError(f"--broker {named} is no HOST:PORT, such as localhost:8883.")
    return appliance.config.Broker(host=host, port=int(port), keepalive=ours.keepalive)


def _members(arguments: argparse.Namespace) -> list[Vehicle]:
    if arguments.units is not None:
        members: Sequence[Vehicle] = vehicles.many(arguments.units, places.FLEET, arguments.seed)
    else:
        members = places.FLEET
    chosen = [one for one in members if one.unit not in arguments.without and one.habit != "absent"]
    if arguments.full > len(chosen):
        raise OperatorError(f"--full {arguments.full} of {len(chosen)} units: give fewer.")
    return chosen


def _papers(arguments: argparse.Namespace, folder: Path, members: Sequence[Vehicle]) -> Papers:
    """Everybody's certificates, those made anew that are missing."""
    if arguments.authority is None:
        kept = Papers(folder / "papers")
        missing = kept.missing([member.unit for member in members], papers.now())
        if missing:
            raise OperatorError(
                f"{len(missing)} units have no certificate in {folder}: give --authority, the "
                "folder of escale-provision."
            )
        return kept
    authority = Authority(arguments.authority, arguments.passphrase_file)
    authority.give_trust(folder / "papers")
    kept = Papers(folder / "papers")
    given = authority.enrol(kept, members, papers.now())
    if given:
        say(f"{given} certificates issued")
    return kept
