"""The stops of a service as they are known now: where, from when to when. Tells nothing.

A stop is known by the key of its first event: the driver's word when that came first, else ours.
"""

import msgspec

from protocol.documents import PlannedStop
from protocol.event import Key

from ..clock import Stamp

KEPT = 12
"""Stops remembered: more than any day has."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the vehicle stands, by the GPS."""

    lat: float
    lon: float
    planned: PlannedStop | None = None
    uncertain: bool = False


class Stop(msgspec.Struct, kw_only=True):
    """What must be known of a stop to tell the next thing of it."""

    key: Key | None = None
    """None until its first event is written."""
    arrived: Stamp
    departed: Stamp | None = None
    word: Key | None = None
    """The driver's *Arrivée*."""
    place: Place | None = None
    chosen: PlannedStop | None = None
    """Where it is by the driver's word."""
    told: bool = False
    """We told of it ourselves."""
    paused: bool = False
    """It ended because a break began."""

    @property
    def is_doubtful(self) -> bool:
        """The detector was in doubt, and the driver has not said anything of it."""
        return self.word is None and self.place is not None and self.place.uncertain

    @property
    def planned(self) -> PlannedStop | None:
        """The planned stop it is: the driver's word prevails over what is near."""
        return self.chosen or (self.place.planned if self.place else None)


class Book(msgspec.Struct):
    """The last stops by their number, and which of them is open."""

    stops: dict[int, Stop] = {}
    open: int | None = None

    @property
    def standing(self) -> Stop | None:
        """The stop that is open."""
        return None if self.open is None else self.stops.get(self.open)

    @property
    def latest(self) -> Stop | None:
        """The stop that is open, or the last one that was."""
        return self.stops[max(self.stops)] if self.stops else None

    def find(self, key: Key) -> int | None:
        """The number of the stop that has this id, or whose *Arrivée* this is."""
        for number, stop in self.stops.items():
            if key in (stop.key, stop.word):
                return number
        return None

    def enter(self, number: int, stop: Stop) -> None:
        """That stop is open from now on, under this number alone."""
        others = {known: each for known, each in self.stops.items() if each is not stop}
        kept = sorted(others)[-(KEPT - 1) :]
        self.stops = {**{known: others[known] for known in kept}, number: stop}
        self.open = number

    def drop(self, number: int) -> None:
        """It was none."""
        self.stops = {known: stop for known, stop in self.stops.items() if known != number}
        if self.open == number:
            self.open = None
