"""The stop that is open, and whether another place or time is still the same one. Pure."""

from typing import NamedTuple

from .facts import Arrived, Source
from .profiles import Profile
from .stay import metres

SAME_STOP = 1.5
"""Times the profile's `around` within which a confirmed stop is still the same one."""
TOGETHER = 900.0
"""Seconds between the driver's word and the detector's when no place tells them apart."""

Seen = tuple[float, float, float]
"""The last position heard: when, latitude, longitude."""


class Open(NamedTuple):
    """The stop that is open."""

    stop: int
    arrived: float
    lat: float | None
    lon: float | None
    source: Source
    detected: int | None = None
    """The detector's own number for it."""
    near: float | None = None
    """When the vehicle was last seen around it."""
    ended: float | None = None
    """When the detector says it ended, while the driver has not said so."""
    far: int = 0

    def confirmed(self, arrived: float) -> "Open":
        """The driver says that it began at that time."""
        source: Source = "both" if self.source == "gps" else self.source
        return self._replace(arrived=arrived, source=source)

    def has_left(self, seen: Seen | None, profile: Profile) -> bool:
        """Whether the vehicle is by now too far for the stop to be the one the driver means."""
        if seen is None or self.lat is None or self.lon is None:
            return False
        return metres(self.lat, self.lon, *seen[1:]) > profile.around * SAME_STOP

    def is_same(self, fact: Arrived, profile: Profile) -> bool:
        """Whether the stop the detector found is this one, which the driver opened."""
        if self.lat is None or self.lon is None or fact.lat is None or fact.lon is None:
            return abs(fact.at - self.arrived) < TOGETHER
        return metres(self.lat, self.lon, fact.lat, fact.lon) <= profile.around * SAME_STOP
