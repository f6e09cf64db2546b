"""What was planned: stops of tours, workshops of programmes, from the published documents.

A later revision replaces what an earlier one said of the same day or workshop. Decides nothing.
"""

import threading
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


_PUBLISHED = """
SELECT id, unit, kind, body FROM document WHERE kind IN ('tour', 'programme') AND id > ?
ORDER BY id
"""
_THAT = "SELECT unit, kind, body FROM document WHERE id = ?"


class Book:
    """All that was published, read once: a document never changes, so the next look is for more.

    Several threads may look at one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def add(self, number: int, unit: str, kind: str, body: bytes) -> None:
        """The next document: its id, its JSON."""
        self._last, self._seal = number, (unit, kind, body)
        if kind == "tour":
            for tour in msgspec.json.decode(body, type=Tours).tours:
                stops = tuple(_planned(unit, tour.day, each) for each in tour.stops)
                self._stops[unit, tour.day] = stops
        else:
            for each in msgspec.json.decode(body, type=Programme).workshops:
                self._workshops[unit, each.id] = _offered(unit, each)

    def follow(self, web: Database) -> None:
        """Reads what was published since; all of it when this is another store than before."""
        with self._lock:
            self._follow(web)

    def _follow(self, web: Database) -> None:
        if not web.columns("document"):
            self._forget()
            return
        if self._last and not self._is_of(web):
            self._forget()
        for number, unit, kind, body in web.execute(_PUBLISHED, (self._last,)).fetchall():
            self.add(number, unit, kind, bytes(body))

    @property
    def plans(self) -> Plans:
        """As they stand now."""
        with self._lock:
            return Plans(
                stops=tuple(stop for _, day in sorted(self._stops.items()) for stop in day),
                workshops=tuple(offered for _, offered in sorted(self._workshops.items())),
            )

    def _is_of(self, web: Database) -> bool:
        found = web.execute(_THAT, (self._last,)).fetchone()
        return found is not None and (found[0], found[1], bytes(found[2])) == self._seal

    def _forget(self) -> None:
        self._last, self._seal = 0, ("", "", b"")
        self._stops: dict[tuple[str, str], tuple[Planned, ...]] = {}
        self._workshops: dict[tuple[str, str], Offered] = {}


def plans_of(published: Iterable[tuple[str, str, bytes]]) -> Plans:
    """From documents, oldest first: unit, kind, JSON body."""
    book = Book()
    for number, (unit, kind, body) in enumerate(published, 1):
        book.add(number, unit, kind, body)
    return book.plans


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
