"""What is told of a stop, from what the GPS senses and what the driver says. Pure; writes nothing.

A stop is known by the key of its first event: the driver's word when that came first, else ours.
The driver's time counts; where both speak, `source` is both and the word is cited. What was
told is never told again: each function gives only what is new.
"""

from typing import Literal

import msgspec

from protocol.documents import PlannedStop
from protocol.event import Key
from protocol.stops import Arrived, Corrected, Departed, Source

from ..clock import Stamp
from . import tours

LATE = 600_000
"""Milliseconds: a word said later than that after what the GPS saw moves no time."""
SAME_PLACE = 80.0
"""Metres: a stop found again there after a break is the stop from before it."""
NOT_YET = Key(0, 0)
"""Stands for the stop's key until the event is written."""

EndedBy = Literal["gps", "driver", "duty", "pause"]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the vehicle stands, by the GPS."""

    lat: float
    lon: float
    planned: PlannedStop | None = None
    uncertain: bool = False


class Stop(msgspec.Struct, kw_only=True):
    """A stop as the vehicle knows it, while it is open and until the next one."""

    key: Key | None = None
    """None until its first event is written."""
    source: Source
    arrived: Stamp
    departed: Stamp | None = None
    ended_by: EndedBy | None = None
    word: Key | None = None
    """The driver's *Arrivée*."""
    place: Place | None = None


class Telling(msgspec.Struct):
    """An event to be written as soon as the disk takes it: `ago` and `stop` are filled in then."""

    event: Arrived | Departed | Corrected
    stop: Stop
    at: Stamp | None = None
    """When it happened; None: nothing to tell of that."""


class Logbook(msgspec.Struct):
    """The stop that is open, and the last one that was."""

    open: Stop | None = None
    last: Stop | None = None


def elapsed(then: Stamp, now: Stamp) -> int | None:
    """Milliseconds between two stamps; None when no clock tells."""
    if then.boot_id == now.boot_id:
        return now.boottime - then.boottime
    return None if then.utc is None or now.utc is None else now.utc - then.utc


def sensed_arrival(book: Logbook, at: Stamp, place: Place) -> list[Telling]:
    """The GPS finds that the vehicle has been standing since `at`."""
    if book.open is not None:
        if book.open.source != "driver":
            return []
        book.open.source, book.open.place = "both", place
        return [_arrival(book.open)]
    last = book.last
    if last is not None and last.ended_by == "pause" and _same_place(last, place):
        return _goes_on(book, last)
    book.open = Stop(source="gps", arrived=at, place=place)
    return [_arrival(book.open)]


def sensed_departure(book: Logbook, at: Stamp) -> list[Telling]:
    """The GPS finds that the vehicle left at `at`."""
    if book.open is None:
        return []
    return [_departure(book, book.open, at, "gps")]


def sensed_return(book: Logbook) -> list[Telling]:
    """The GPS takes back the last departure: the vehicle had only moved a little."""
    last = book.last
    if book.open is not None or last is None or last.ended_by != "gps":
        return []
    return _goes_on(book, last)


def said_arrived(book: Logbook, word: Key, at: Stamp, place: Place | None) -> list[Telling]:
    """The driver said *Arrivée* at `at`; `place`: where the GPS sees it stand, if it does."""
    stop = book.open
    if stop is None:
        source: Source = "driver" if place is None else "both"
        book.open = stop = Stop(key=word, source=source, arrived=at, word=word, place=place)
        return [] if place is None else [_arrival(stop)]
    if stop.source != "gps":
        return []
    stop.source, stop.word = "both", word
    late = elapsed(stop.arrived, at)
    if late is not None and late <= LATE:
        stop.arrived = at
    return [_arrival(stop)]


def said_departed(book: Logbook, word: Key, at: Stamp) -> list[Telling]:
    """The driver said *Départ* at `at`."""
    if book.open is not None:
        if book.open.source == "driver":
            _close(book, book.open, at, "driver")
            return []
        return [_departure(book, book.open, at, "driver", word)]
    last = book.last
    if last is None or last.ended_by != "gps" or last.departed is None:
        return []
    late = elapsed(last.departed, at)
    if late is None or late > LATE:
        return []
    last.ended_by = "driver"
    return [Telling(Departed(source="both", cites=word), last, last.departed)]


def duty_over(book: Logbook, at: Stamp, word: Key | None, *, pause: bool) -> list[Telling]:
    """Nothing of the vehicle is recorded from `at` on: a stop that is open ends there."""
    if book.open is None:
        return []
    return [_departure(book, book.open, at, "pause" if pause else "duty", word)]


def _arrival(stop: Stop) -> Telling:
    place = stop.place
    planned = place.planned if place else None
    event = Arrived(
        source=stop.source,
        cites=stop.word,
        lat=round(place.lat, 6) if place else None,
        lon=round(place.lon, 6) if place else None,
        planned=planned.id if planned else None,
        name=planned.name if planned else "",
        commune=planned.commune if planned else None,
        territory_class=planned.territory_class if planned else None,
        zoning_year=planned.zoning_year if planned else None,
        uncertain=place.uncertain if place else False,
    )
    return Telling(event, stop, stop.arrived)


def _departure(
    book: Logbook, stop: Stop, at: Stamp, ended_by: EndedBy, word: Key | None = None
) -> Telling:
    _close(book, stop, at, ended_by)
    return Telling(Departed(source="both" if word else "gps", cites=word), stop, at)


def _close(book: Logbook, stop: Stop, at: Stamp, ended_by: EndedBy) -> None:
    stop.departed, stop.ended_by = at, ended_by
    book.last, book.open = stop, None


def _goes_on(book: Logbook, stop: Stop) -> list[Telling]:
    stop.departed = stop.ended_by = None
    book.open, book.last = stop, None
    return [Telling(Corrected(stop=NOT_YET, still_there=True), stop)]


def _same_place(stop: Stop, place: Place) -> bool:
    if stop.place is None:
        return False
    return tours.metres((stop.place.lat, stop.place.lon), (place.lat, place.lon)) < SAME_PLACE
