"""What was planned: stops of tours, workshops of programmes, from the published documents.

A document is all that its unit is to hold from then on: what a later one leaves out of the time to
come is called off, what is past stays. Decides nothing.
"""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from protocol import signing
from protocol.documents import Programme, Tours

from ..database import Database
from ..registry import ZONE


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
    withdrawn: bool = False
    """Called off before it began: nobody was to come."""


class Plans(msgspec.Struct, frozen=True, kw_only=True):
    """All that was ever planned, as it stood last."""

    stops: tuple[Planned, ...] = ()
    workshops: tuple[Offered, ...] = ()


_PUBLISHED = """
SELECT id, unit, kind, body, payload FROM document
WHERE kind IN ('tour', 'programme') AND id > ? ORDER BY id
"""
# Of before documents were signed.
_UNSIGNED = _PUBLISHED.replace("payload", "NULL")
_THAT = "SELECT unit, kind, body FROM document WHERE id = ?"
_BEFORE: Final = timedelta(1)
"""A document tells of the day before it was published too: it may not be over on board."""


class _Sent(msgspec.Struct):
    published: int = 0


class Book:
    """All that was published, read once: a document never changes, so the next look is for more.

    Several threads may look at one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forget()

    def add(
        self, number: int, unit: str, kind: str, body: bytes, *, sent: int = 0, zone: str = ZONE
    ) -> None:
        """The next document: its id, its JSON; `sent` in milliseconds since 1970, 0: not known."""
        self._last, self._seal = number, (unit, kind, body)
        if kind == "tour":
            self._add_tours(unit, msgspec.json.decode(body, type=Tours), sent, zone)
        else:
            self._add_workshops(unit, msgspec.json.decode(body, type=Programme), sent)

    def _add_tours(self, unit: str, told: Tours, sent: int, zone: str) -> None:
        begin = min((tour.day for tour in told.tours), default="9999")
        if sent:
            day = datetime.fromtimestamp(sent / 1000, ZoneInfo(zone)).date()
            begin = (day - _BEFORE).isoformat()
        for each in [key for key in self._stops if key[0] == unit and key[1] >= begin]:
            del self._stops[each]
        for tour in told.tours:
            stops = tuple(_planned(unit, tour.day, each) for each in tour.stops)
            self._stops[unit, tour.day] = stops

    def _add_workshops(self, unit: str, told: Programme, sent: int) -> None:
        begin = sent or min((each.starts for each in told.workshops), default=None)
        for key, held in self._workshops.items():
            if key[0] == unit and begin is not None and held.starts > begin:
                self._workshops[key] = msgspec.structs.replace(held, withdrawn=True)
        for each in told.workshops:
            self._workshops[unit, each.id] = _offered(unit, each)

    def follow(self, web: Database, zone: Callable[[str], str] = lambda _: ZONE) -> None:
        """Reads what was published since; all of it when this is another store than before.

        `zone`: IANA, where a unit is.
        """
        with self._lock:
            self._follow(web, zone)

    def _follow(self, web: Database, zone: Callable[[str], str]) -> None:
        columns = web.columns("document")
        if not columns:
            self._forget()
            return
        if self._last and not self._is_of(web):
            self._forget()
        query = _PUBLISHED if "payload" in columns else _UNSIGNED
        for number, unit, kind, body, signed in web.execute(query, (self._last,)).fetchall():
            self.add(number, unit, kind, bytes(body), sent=_sent(signed), zone=zone(unit))

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


def _sent(signed: Any) -> int:
    """When a signed document was published; 0: it does not say."""
    if signed is None:
        return 0
    return msgspec.json.decode(signing.read(bytes(signed)).payload, type=_Sent).published


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
