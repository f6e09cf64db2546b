"""Stops of the vehicle, from the GPS, from the driver, or from both. Knows no detector and no map.

A stop is known by the key of its first event. Times are told as *how long before this row*
(`ago`), so that they are dated again with the row when the clock is learnt late.
"""

from typing import Annotated, ClassVar, Literal

import msgspec

from .event import Code, Event, Key, Milliseconds, Short

Source = Literal["gps", "driver", "both"]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]


class Arrived(Event, frozen=True, kw_only=True):
    """The vehicle came to a stop."""

    TYPE: ClassVar[str] = "stop.arrived"

    source: Source
    ago: Milliseconds = 0
    """How long before this row it happened."""
    stop: Key | None = None
    """The stop this belongs to; None: this event begins it and gives it its id."""
    cites: Key | None = None
    """The driver's word that was merged in."""
    lat: Latitude | None = None
    lon: Longitude | None = None
    planned: Code | None = None
    """Id of the planned stop of the tour."""
    name: Short = ""
    commune: Code | None = None
    """INSEE code; None: the federation looks it up from lat, lon."""
    territory_class: Code | None = None
    zoning_year: int | None = None
    uncertain: bool = False
    """The detector was in doubt: the driver was asked."""


class Departed(Event, frozen=True, kw_only=True):
    """The vehicle left a stop."""

    TYPE: ClassVar[str] = "stop.departed"

    source: Source
    stop: Key | None = None
    """None only in the driver's word: the stop that is open."""
    ago: Milliseconds = 0
    cites: Key | None = None


class Corrected(Event, frozen=True, kw_only=True):
    """Something told of a stop was wrong; what is given replaces what was known."""

    TYPE: ClassVar[str] = "stop.corrected"

    stop: Key
    arrived_ago: Milliseconds | None = None
    departed_ago: Milliseconds | None = None
    still_there: bool = False
    """A departure told before did not happen."""
    lat: Latitude | None = None
    lon: Longitude | None = None
    merged_into: Key | None = None
    """It was one stop with this one."""
    cancelled: bool = False
    cites: Key | None = None
