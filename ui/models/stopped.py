"""Where the vehicle stood today, as its journal tells it: corrected, merged, cancelled. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from appliance.journal import Entry
from protocol.event import Key
from protocol.stops import Arrived, Corrected, Departed

TYPES = (Arrived.TYPE, Departed.TYPE, Corrected.TYPE)
"""Events that stops are made of."""


class Stop(NamedTuple):
    """One of today."""

    key: Key
    name: str = ""
    arrived: int | None = None
    """Milliseconds since 1970; None: no clock was known."""
    departed: int | None = None


class Stops(NamedTuple):
    """All of them, and under which one a check-in counts."""

    stops: tuple[Stop, ...] = ()
    same: Mapping[Key, Key] = {}
    """Stop → the one that it turned out to be."""

    def of(self, key: Key | None) -> Key | None:
        """The stop that a check-in belongs to; None: to none of today."""
        while key in self.same:
            key = self.same[key]
        return key if any(stop.key == key for stop in self.stops) else None


def fold(entries: Iterable[Entry], utc_of: Callable[[Entry], int | None]) -> Stops:
    """The stops these events make, oldest first."""
    stops, same = dict[Key, Stop](), dict[Key, Key]()
    for entry in entries:
        now = utc_of(entry)
        match entry.event:
            case Arrived() as event:
                key = event.stop or entry.key
                before = stops.get(key, Stop(key))
                name, arrived = event.name or before.name, _ago(now, event.ago)
                stops[key] = before._replace(name=name, arrived=arrived)
            case Departed(stop=key, ago=ago) if key in stops:
                stops[key] = stops[key]._replace(departed=_ago(now, ago))
            case Corrected(stop=key) as event if key in stops:
                stops[key] = _corrected(stops[key], event, now)
                if event.cancelled or event.merged_into:
                    del stops[key]
                if event.merged_into:
                    same[key] = event.merged_into
    return Stops(tuple(stops.values()), same)


def _corrected(stop: Stop, event: Corrected, now: int | None) -> Stop:
    if event.arrived_ago is not None:
        stop = stop._replace(arrived=_ago(now, event.arrived_ago))
    if event.departed_ago is not None:
        stop = stop._replace(departed=_ago(now, event.departed_ago))
    return stop._replace(departed=None) if event.still_there else stop


def _ago(now: int | None, ago: int) -> int | None:
    return None if now is None else now - ago
