"""What was planned: stops of tours, workshops of programmes, from the published documents.

A later revision replaces what an earlier one said of the same day or workshop. Decides nothing.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from protocol.documents import Programme, Tours

from ..database import Database


class Planned(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stop that a unit was to make on a local day; minutes of that day."""

    unit: str
    day: str
    id: str
    name: str
    commune: str
    lat: float
    lon: float
    opens: int
    closes: int
    territory_class: str | None = None
    zoning_year: int | None = None

    @property
    def hours(self) -> float:
        """How long it was to be open."""
        return max(0, self.closes - self.opens) / 60


class Offered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A workshop, and the seats that a unit was allotted of it."""

    unit: str
    id: str
    title: str
    starts: int
    """Milliseconds since 1970."""
    minutes: int
    theme: str
    place: str = ""
    seats: int = 0


class Plans(msgspec.Struct, frozen=True, kw_only=True):
    """All that was ever planned, as it stood last."""

    stops: tuple[Planned, ...] = ()
    workshops: tuple[Offered, ...] = ()


_PUBLISHED = "SELECT unit, kind, body FROM document WHERE kind IN ('tour', 'programme') ORDER BY id"


def read(web: Database) -> Plans:
    """Everything published so far; nothing while there is no outbox."""
    return plans_of(web.execute(_PUBLISHED)) if web.columns("document") else Plans()


def plans_of(published: Iterable[tuple[str, str, bytes]]) -> Plans:
    """From documents, oldest first: unit, kind, JSON body."""
    stops: dict[tuple[str, str], tuple[Planned, ...]] = {}
    workshops: dict[tuple[str, str], Offered] = {}
    for unit, kind, body in published:
        if kind == "tour":
            for tour in msgspec.json.decode(body, type=Tours).tours:
                stops[unit, tour.day] = tuple(_planned(unit, tour.day, each) for each in tour.stops)
        else:
            for each in msgspec.json.decode(body, type=Programme).workshops:
                workshops[unit, each.id] = _offered(unit, each)
    return Plans(
        stops=tuple(stop for _, day in sorted(stops.items()) for stop in day),
        workshops=tuple(offered for _, offered in sorted(workshops.items())),
    )


def _planned(unit: str, day: str, stop: Any) -> Planned:
    return Planned(
        unit=unit,
        day=day,
        id=stop.id,
        name=stop.name,
        commune=stop.commune,
        lat=stop.lat,
        lon=stop.lon,
        opens=stop.opens,
        closes=stop.closes,
        territory_class=stop.territory_class,
        zoning_year=stop.zoning_year,
    )


def _offered(unit: str, workshop: Any) -> Offered:
    return Offered(
        unit=unit,
        id=workshop.id,
        title=workshop.title,
        starts=workshop.starts,
        minutes=workshop.minutes,
        theme=workshop.theme,
        place=workshop.place,
        seats=workshop.seats,
    )
