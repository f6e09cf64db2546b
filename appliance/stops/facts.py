"""What is told of stops, fit for a journal that only grows: each fact stands once it is told.

Times are UTC as seconds since 1970, places are degrees. A stop is known by its number, which grows
for as long as the state of the logbook is kept.
"""

from typing import Literal, NamedTuple

Source = Literal["gps", "driver", "both"]


class Arrived(NamedTuple):
    """A stop has begun, and this is certain."""

    stop: int
    at: float
    lat: float | None
    lon: float | None
    source: Source = "gps"
    uncertain: bool = False
    """Worth asking the driver: poor reception, or made up from a gap."""


class Departed(NamedTuple):
    """A stop has ended, and this is certain; the place is the best that was learnt of it."""

    stop: int
    at: float
    lat: float | None
    lon: float | None
    source: Source = "gps"


class Corrected(NamedTuple):
    """What is given replaces what was told of the stop before."""

    stop: int
    source: Source
    arrived: float | None = None
    lat: float | None = None
    lon: float | None = None


class Provisional(NamedTuple):
    """Where the vehicle seems to stand just now; nothing of it is certain yet."""

    since: float
    lat: float | None
    lon: float | None
    stop: int | None
    """The stop it has become; None: not yet, or never."""
    left: float | None = None
    """When it moved off; it may yet come back."""


Fact = Arrived | Departed | Corrected
