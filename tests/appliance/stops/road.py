"""A vehicle for the tests: driven by hand, heard by a detector or a logbook once a second."""

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from appliance.stops.detector import Detector
from appliance.stops.facts import Fact
from appliance.stops.logbook import Logbook
from appliance.stops.profiles import PROFILES

START = 1_774_252_800.0
LAT, LON = 48.1173, -1.6778
METRES = 111_195.0


class Road:
    """Drives east along a line; `facts` is all that was told on the way."""

    def __init__(self, profile: str = "camion", lat: float = LAT, lon: float = LON) -> None:
        self.ear: Detector | Logbook = Logbook(PROFILES[profile])
        self.profile = PROFILES[profile]
        self.at = START
        self.lat, self.lon = lat, lon
        self.east = 0.0
        self.facts: list[Fact] = []
        self.heard = True
        """Whether the receiver has a fix."""
        self.rebooted = False

    def second(self, speed: float, *, hdop: float = 0.9, astray: float = 0.0) -> None:
        """One second at that speed (m/s); `astray` metres the reception lies."""
        self.at += 1
        self.east += speed
        if self.heard:
            self.facts += self.ear.fix(
                self.at, self.lat, self.longitude(astray), abs(speed), hdop, rebooted=self.rebooted
            )
            self.rebooted = False

    def longitude(self, astray: float = 0.0) -> float:
        degrees = (self.east + astray) / (METRES * math.cos(math.radians(self.lat)))
        return (self.lon + degrees + 180) % 360 - 180

    def stand(self, seconds: int, *, hdop: float = 0.9, astray: float = 0.0) -> "Road":
        for _ in range(seconds):
            self.second(0.0, hdop=hdop, astray=astray)
        return self

    def drive(self, metres: float, speed: float = 10.0) -> "Road":
        for _ in range(round(metres / speed)):
            self.second(speed)
        return self

    def silence(self, seconds: float, metres: float = 0.0) -> "Road":
        """The receiver is off, or under a roof."""
        self.at += seconds
        self.east += metres
        return self

    def reboot(self) -> "Road":
        """A power cut: only what was written down survives."""
        self.ear = type(self.ear).restored(self.profile, json.loads(json.dumps(self.ear.state())))
        self.rebooted = True
        return self

    def say(self, word: Callable[[float], Sequence[Fact]]) -> "Road":
        self.facts += word(self.at)
        return self

    @property
    def logbook(self) -> Logbook:
        assert isinstance(self.ear, Logbook)
        return self.ear

    def told(self) -> list[tuple[Any, ...]]:
        """The facts, each as (kind, stop, seconds since the start, source)."""
        return [brief(fact) for fact in self.facts]


def brief(fact: Fact) -> tuple[Any, ...]:
    at = getattr(fact, "at", None) or getattr(fact, "arrived", None)
    return (type(fact).__name__, fact.stop, at and round(at - START), fact.source)
