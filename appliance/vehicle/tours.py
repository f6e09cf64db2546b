"""The planned stops: which are today's, and at which one the vehicle stands. Pure."""

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from protocol.documents import PlannedStop, Tour, Tours

RADIUS = 150.0
"""Metres around a planned stop: a market square is large, and so is the car park beside it."""
_METRES = 111_195.0


class Plan(msgspec.Struct, frozen=True):
    """The tours the federation sent, on the vehicle's own clock."""

    tours: Tours
    zone: ZoneInfo

    def local(self, utc: int | None) -> datetime | None:
        """The vehicle's own time at that UTC (ms)."""
        if utc is None:
            return None
        return datetime.fromtimestamp(utc / 1000, UTC).astimezone(self.zone)

    def stops(self, utc: int | None) -> tuple[PlannedStop, ...]:
        """Where the vehicle may stand that day; while the day is not known, on any day."""
        depot = self.tours.depot
        told = tuple(stop for tour in self._of_the_day(utc) for stop in tour.stops)
        return told if depot is None else (*told, depot)

    def today(self, utc: int | None) -> Tour | None:
        """The tour of that day; None when there is none, or the day is not known."""
        return next(iter(self._of_the_day(utc)), None) if utc is not None else None

    def find(self, id: str | None) -> PlannedStop | None:
        """The planned stop of this id, on whichever day."""
        depot = () if self.tours.depot is None else (self.tours.depot,)
        known = (*(stop for tour in self.tours.tours for stop in tour.stops), *depot)
        return next((stop for stop in known if stop.id == id), None)

    def last_closes(self, utc: int | None) -> int | None:
        """Minute of that day at which its last planned stop closes."""
        if utc is None:
            return None
        closes = [stop.closes for tour in self._of_the_day(utc) for stop in tour.stops]
        return max(closes, default=None)

    def is_depot(self, stop: PlannedStop | None) -> bool:
        """Whether that planned stop is where the vehicle spends the night."""
        depot = self.tours.depot
        return stop is not None and depot is not None and stop.id == depot.id

    def _of_the_day(self, utc: int | None) -> list[Tour]:
        moment = self.local(utc)
        day = None if moment is None else moment.date().isoformat()
        return [tour for tour in self.tours.tours if day is None or tour.day == day]


NO_PLAN = Plan(Tours(), ZoneInfo("UTC"))


def nearest(stops: tuple[PlannedStop, ...], lat: float, lon: float) -> PlannedStop | None:
    """The planned stop within whose radius that position lies, the nearest one."""
    near = [(metres((stop.lat, stop.lon), (lat, lon)), stop) for stop in stops]
    within = [pair for pair in near if pair[0] <= RADIUS]
    return min(within, key=lambda pair: pair[0])[1] if within else None


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance between two nearby positions."""
    north = (other[0] - one[0]) * _METRES
    east = ((other[1] - one[1] + 180) % 360 - 180) * _METRES * math.cos(math.radians(one[0]))
    return math.hypot(north, east)
