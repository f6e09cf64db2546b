"""A unit of real code alone: journals on disk and the uplink of the card; only people are made up.

It goes on where it was when its folder is there from before. Hundreds fit into one process.
"""

from pathlib import Path

from appliance import runtime
from appliance.journal import Journal
from appliance.uplink.cursors import uplink_file
from appliance.uplink.daemon import Uplink
from appliance.uplink.line import Line

from .acting import Actor
from .boxes import Box, config_of, lay_out
from .script import Script
from .shared import Shared
from .vehicles import Vehicle
from .weather import Weather
from .words import DISK_FREE, VOLTS

SAY_EVERY = 4.0
"""Seconds between two words of vehicle and keeper, which are stale after ten."""
LONGEST = 5.0
"""Seconds between two turns of a unit that is off the network."""


class FullUnit:
    """Its journals' one writer. Step it as any unit; `close` closes them."""

    def __init__(self, shared: Shared, vehicle: Vehicle, script: Script, folder: Path) -> None:
        """Raises OperatorError when the folder takes no journal."""
        self._shared, self._vehicle = shared, vehicle
        self._actor = Actor(vehicle, script)
        self._weather = Weather(vehicle, shared.outages, shared.seed)
        config = config_of(vehicle, shared.broker, folder)
        data = config.paths.data
        lay_out(shared.papers, shared.papers.identity(vehicle.unit), data)
        self._run = config.paths.run
        self._box = Box(vehicle.unit, data, shared.clock, shared.papers.recipients)
        journal = Journal.open(uplink_file(data), name="uplink", clock=self._box.clock)
        self._uplink = Uplink(config, journal, chance=shared.chance)
        self._say_at = float("-inf")
        self._settled_at = float("inf")
        self._was_online = False

    @property
    def line(self) -> Line:
        """The uplink's."""
        return self._uplink.line

    @property
    def backlog(self) -> int:
        """Rows that the federation has not receipted."""
        return self._uplink.lanes.backlog

    @property
    def settled(self) -> bool:
        """Whether it has told its past and now lives with the clock."""
        return self._settled_at < float("inf")

    @property
    def over(self) -> bool:
        """Whether it has nothing more to live, and nothing to tell."""
        return self._actor.next is None and self.backlog == 0 and self.line.session is not None

    def step(self, now: float) -> float:
        """One turn of all its processes; when the next is due (monotonic seconds)."""
        utc, before = self._shared.clock.utc(now), self._actor.played
        self._actor.play(utc, self._box.append)
        self._shared.counts["events"] += self._actor.played - before
        late = self._actor.is_late(utc)
        if not late:
            self._box.clock.stand_at(self._actor.standing.boot, None)
        self._say(now)
        since, standing = now - self._settled_at, self._actor.standing
        if since > 0 and not self._weather.has_network(standing, utc, since):
            self._shared.counts["turns off the network"] += 1
            return now + LONGEST / self._shared.clock.speed
        pause = self._uplink.step(now)
        self._count()
        if late:
            return now
        if self.line.session is not None:
            self._settled_at = min(self._settled_at, now)
        return now + max(pause, 0.02)

    def close(self) -> None:
        """Says goodbye and closes the journals."""
        self._uplink.close()
        self._box.close()

    def _say(self, now: float) -> None:
        """What its other processes would say of the moment."""
        if now < self._say_at:
            return
        self._say_at = now + SAY_EVERY
        standing = self._actor.standing
        word = {
            "duty": standing.duty,
            "gps": standing.gps,
            "battery_volts": VOLTS,
            "stop": standing.stop,
        }
        runtime.publish(self._run, "vehicle", word)
        runtime.publish(self._run, "keeper", {"disk_free": DISK_FREE})

    def _count(self) -> None:
        online = self.line.session is not None
        if online != self._was_online:
            self._was_online = online
            self._shared.counts["connections made" if online else "connections lost"] += 1
