"""Folds what was told of stops into stops, by their id. Pure: the same on board and at the ledger.

Order of arrival does not matter.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from .event import Event, Key
from .stops import Arrived, Corrected, Departed


class Told(NamedTuple):
    """An event about a stop, with its row."""

    key: Key
    origin: Key | None
    """The key it had before its journal was rotated."""
    utc: int | None
    """Corrected, in milliseconds."""
    order: int
    """Its time as well as it is known: utc, else when it was received."""
    event: Event


class Stop(msgspec.Struct, kw_only=True):
    """A stop as all that was told makes it; times in milliseconds, None: not known (or open)."""

    id: Key
    source: str = ""
    arrived: int | None = None
    departed: int | None = None
    open: bool = True
    lat: float | None = None
    lon: float | None = None
    name: str = ""
    planned: str | None = None
    commune: str | None = None
    territory_class: str | None = None
    zoning_year: int | None = None
    cancelled: bool = False


_RANK = {"": 0, "gps": 1, "driver": 2, "both": 3}
"""Whose word on the time prevails: the merged one has heard both."""
_PLACE = ("lat", "lon", "name", "planned", "commune", "territory_class", "zoning_year")


def fold(told: Iterable[Told]) -> list[Stop]:
    """The stops, oldest first. Those made in trial mode and cancelled ones are left out."""
    return list(fold_named(told)[0])


def fold_named(told: Iterable[Told]) -> tuple[tuple[Stop, ...], dict[Key, Key]]:
    """The same, and other keys that stand for a stop → its id."""
    lines = sorted((line for line in told if not line.event.trial), key=lambda line: line.order)
    names = _Names(lines)
    stops: dict[Key, Stop] = {}
    for line in lines:
        if line.key in names.superseded:
            continue
        target = names.target(line, stops)
        if target is not None:
            stop = stops.setdefault(target, Stop(id=target))
            _apply(stop, line, again=names.is_merged(line))
    found = tuple(stop for stop in stops.values() if not stop.cancelled)
    return found, names.others()


class _Names:
    """Which keys are of the same stop, from all that was told, whenever it arrives."""

    def __init__(self, lines: Sequence[Told]) -> None:
        self._same: dict[Key, Key] = {}
        self.superseded: set[Key] = set()
        """Departures that a merged one cites."""
        self._merged: set[Key] = set()
        for key, name in _same_names(lines):
            if self.of(key) != self.of(name):
                self._same[self.of(key)] = self.of(name)
        for line in lines:
            if isinstance(line.event, Departed) and line.event.cites is not None:
                self.superseded.add(line.event.cites)
            if isinstance(line.event, Corrected) and line.event.merged_into is not None:
                self._merged.add(line.event.stop)

    def of(self, key: Key) -> Key:
        """The id that stands for this one."""
        while key in self._same:
            key = self._same[key]
        return key

    def others(self) -> dict[Key, Key]:
        """Key → the id that stands for it, where it is another one."""
        return {key: self.of(key) for key in self._same}

    def is_merged(self, line: Told) -> bool:
        """Whether it tells of a stop that was really the one before it."""
        event = line.event
        return isinstance(event, Arrived) and (event.stop or line.key) in self._merged

    def target(self, line: Told, stops: dict[Key, Stop]) -> Key | None:
        """The stop an event is about; None: it names none and none is open."""
        event = line.event
        if isinstance(event, Arrived):
            return self.of(event.stop or line.key)
        if isinstance(event, Corrected):
            return self.of(event.stop)
        if isinstance(event, Departed) and event.stop is not None:
            return self.of(event.stop)
        still = [stop for stop in stops.values() if stop.open and not stop.cancelled]
        return still[-1].id if still else None


def _same_names(lines: Iterable[Told]) -> Iterator[tuple[Key, Key]]:
    for line in lines:
        event = line.event
        if line.origin is not None:
            yield line.origin, line.key
        if isinstance(event, Arrived) and event.cites is not None:
            yield event.cites, event.stop or line.key
        if isinstance(event, Corrected) and event.merged_into is not None:
            yield event.stop, event.merged_into


def _apply(stop: Stop, line: Told, *, again: bool) -> None:
    event = line.event
    if again:
        stop.departed, stop.open = None, True
    elif isinstance(event, Arrived):
        _arrive(stop, event, _before(line, event.ago))
    elif isinstance(event, Departed):
        stop.departed, stop.open = _before(line, event.ago), False
    elif isinstance(event, Corrected):
        _correct(stop, event, line)


def _arrive(stop: Stop, event: Arrived, arrived: int | None) -> None:
    prevails = _RANK[event.source] >= _RANK[stop.source]
    for field in _PLACE:
        value = getattr(event, field)
        if value not in (None, "") and (prevails or getattr(stop, field) in (None, "")):
            setattr(stop, field, value)
    if prevails:
        stop.source, stop.arrived = event.source, arrived


def _correct(stop: Stop, event: Corrected, line: Told) -> None:
    if event.arrived_ago is not None:
        stop.arrived = _before(line, event.arrived_ago)
    if event.departed_ago is not None:
        stop.departed, stop.open = _before(line, event.departed_ago), False
    if event.still_there:
        stop.departed, stop.open = None, True
    if event.lat is not None and event.lon is not None:
        stop.lat, stop.lon = event.lat, event.lon
    stop.cancelled = stop.cancelled or event.cancelled


def _before(line: Told, ago: int) -> int | None:
    return None if line.utc is None else line.utc - ago
