"""Bodies of the downlink documents. Knows not how they are applied."""

import msgspec

from .event import Code, Count, Short, Signed
from .stops import Latitude, Longitude


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What every document body has in common."""


class PlannedStop(Body, frozen=True, kw_only=True):
    """Where the vehicle should stand, from when to when (minutes of the local day)."""

    id: Code
    name: Short
    lat: Latitude
    lon: Longitude
    commune: Code
    """INSEE code."""
    opens: Count
    closes: Count
    kind: Code = "autre"
    """Code list `stop_kind`."""
    territory_class: Code | None = None
    zoning_year: int | None = None


class Tour(Body, frozen=True, kw_only=True):
    """The planned stops of one local day (YYYY-MM-DD)."""

    day: Short
    name: Short
    stops: tuple[PlannedStop, ...]


class Tours(Body, frozen=True, kw_only=True):
    """Document kind `tour`: the tours that are known, by day, and the depot."""

    tours: tuple[Tour, ...] = ()
    depot: PlannedStop | None = None


class Workshop(Body, frozen=True, kw_only=True):
    """A workshop on offer, and the seats allotted to this unit."""

    id: Code
    title: Short
    starts: Signed
    """Milliseconds since 1970."""
    minutes: Count
    theme: Code
    """Code list `theme`."""
    place: Short = ""
    seats: Count = 0


class Programme(Body, frozen=True, kw_only=True):
    """Document kind `programme`."""

    workshops: tuple[Workshop, ...] = ()


class Settings(Body, frozen=True, kw_only=True):
    """Document kind `settings`: what the federation may set on board."""

    languages: tuple[Code, ...] = ("fr",)
    keep_track_days: Count = 60


class Notices(Body, frozen=True, kw_only=True):
    """Document kind `notices`: texts shown to visitors, by language."""

    texts: dict[str, str] = {}


BODIES: dict[str, type[Body]] = {
    "tour": Tours,
    "programme": Programme,
    "settings": Settings,
    "notices": Notices,
}
"""Document kind → the type of its body."""
