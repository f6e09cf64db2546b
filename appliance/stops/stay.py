"""Where a vehicle stands, in metres on a plane: a place that grows surer, a beginning, an end."""

import math
from typing import Any

METRES = 111_195.0
"""Per degree of latitude."""
SAMPLES = 600
"""Fixes a place is the mean of, at most: it goes on following a slow drift."""
EARLY, OUTLIER, FIRST_OUTLIER = 10, 12.0, 40.0
"""A fix pulls as if it were at most that many metres off; more so among the first few."""

SPREAD = 0.01
"""Weight of one fix in how far positions wander."""

Point = tuple[float, float]
"""Metres east and north of the plane's origin."""


class Plane:
    """Degrees as metres around the first place seen: exact back, good to 1 % within 200 km."""

    __slots__ = ("east", "lat", "lon")

    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon
        self.east = METRES * max(math.cos(math.radians(lat)), 0.01)

    def point(self, lat: float, lon: float) -> Point:
        return ((lon - self.lon + 180) % 360 - 180) * self.east, (lat - self.lat) * METRES

    def degrees(self, point: Point) -> tuple[float, float]:
        """Latitude and longitude."""
        return self.lat + point[1] / METRES, (self.lon + point[0] / self.east + 180) % 360 - 180


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Between two places that are not far apart."""
    return math.hypot(*Plane(lat, lon).point(other_lat, other_lon))


class Stay:
    """One standing, from its first second."""

    __slots__ = (
        *("count", "far", "left", "left_from", "number", "path", "since"),
        *("spread", "top", "uncertain", "x", "y"),
    )

    def __init__(self, since: float, point: Point) -> None:
        self.since = since
        self.x, self.y = point
        self.count = 1
        self.number: int | None = None
        """Of the stop it has become."""
        self.uncertain = False
        self.spread = 0.0
        """Metres its positions are off its place, as a rule."""
        self.left: float | None = None
        """When it moved off, while it may still come back."""
        self.left_from: Point = point
        self.path = self.far = self.top = 0.0
        """Since it moved off: metres by the speed, metres away, and the highest lasting speed."""

    @property
    def place(self) -> Point:
        return self.x, self.y

    def see(self, point: Point) -> None:
        """One more position while standing; a wild one pulls no harder than a poor one."""
        if self.count < SAMPLES:
            self.count += 1
        east, north = point[0] - self.x, point[1] - self.y
        distance = math.hypot(east, north)
        self.spread += (distance - self.spread) * SPREAD
        limit = OUTLIER if self.count > EARLY else FIRST_OUTLIER
        weight = (limit / distance if distance > limit else 1.0) / self.count
        self.x += east * weight
        self.y += north * weight

    def leave(self, at: float, spot: Point) -> None:
        self.left, self.left_from = at, spot
        self.path = self.far = self.top = 0.0

    def go(self, point: Point, path: float, speed: float) -> None:
        """It has moved `path` metres on at that lasting speed; a position alone proves little."""
        self.path += path
        self.top = max(self.top, speed)
        self.far = max(self.far, min(math.dist(point, self.place), 2 * self.path + 30))

    def state(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def restored(cls, state: dict[str, Any]) -> "Stay":
        stay = cls(state["since"], (state["x"], state["y"]))
        for name in cls.__slots__:
            setattr(stay, name, state[name])
        stay.left_from = (stay.left_from[0], stay.left_from[1])
        return stay
