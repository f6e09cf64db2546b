"""When a unit has no network. Pure: told by a seed, the same whenever it is asked."""

from random import Random
from typing import NamedTuple

from .standing import Standing
from .vehicles import Vehicle

HEARD = 5.0
_LOOK_EVERY = 5_000
"""Milliseconds for which an answer holds."""


class Outages(NamedTuple):
    """A share of each unit's time, in pieces of about so many minutes."""

    share: float = 0.0
    minutes: float = 30.0

    @classmethod
    def parse(cls, text: str) -> "Outages":
        """Of SHARE:MINUTES, such as 0.1:30. Raises ValueError."""
        share, _, minutes = text.partition(":")
        told = cls(float(share), float(minutes or 30))
        if not (0 <= told.share < 1 and told.minutes > 0):
            raise ValueError(f"{text}: a share from 0 to 1 and minutes, such as 0.1:30")
        return told

    def back_at(self, unit: str, seed: int, utc: int) -> int | None:
        """When its network comes back (ms since 1970); None: it has one."""
        if not self.share:
            return None
        piece = round(self.minutes * 60_000)
        slot = round(piece / self.share)
        begins = utc // slot * slot
        chance = Random(f"{seed} {unit} {begins}")
        lasts = round(piece * chance.uniform(0.5, 1.0))
        starts = begins + chance.randrange(slot - lasts)
        return starts + lasts if starts <= utc < starts + lasts else None


class Weather:
    """The network of one unit, by the weather and by its habits."""

    def __init__(self, vehicle: Vehicle, outages: Outages, seed: int) -> None:
        self._vehicle, self._outages, self._seed = vehicle, outages, seed
        self._asked_again = 0
        self._out = False

    def has_network(self, standing: Standing, utc: int, since: float) -> bool:
        """Whether it could reach the broker just now.

        `since`: seconds since it was first heard of; its habits begin a little later.
        """
        if since > HEARD and (self._vehicle.habit == "silent" or not standing.covered):
            return False
        if utc >= self._asked_again:
            back = self._outages.back_at(self._vehicle.unit, self._seed, utc)
            self._out, self._asked_again = back is not None, utc + _LOOK_EVERY
        return not self._out
