"""From the facts of `appliance.stops` to events: keys, citations, place and age. Pure.

The screen wrote the driver's word; where the GPS bears it out, `source` is both and the word is
cited. Writes nothing: an event gets its stop's key and its age only when the disk takes it.
"""

import msgspec

from protocol.documents import PlannedStop
from protocol.event import Key
from protocol.stops import Arrived, Corrected, Departed

from ..clock import Stamp
from . import tours
from .book import Book, Place, Stop
from .moments import elapsed

SAME_PLACE = 80.0
"""Metres: a stop found again there after a break is the stop from before it."""
_NOT_YET = Key(0, 0)
"""Stands for the stop's key until the event is written."""


class Telling(msgspec.Struct):
    """An event to be written: `ago` and `stop` are filled in then."""

    event: Arrived | Departed | Corrected
    stop: Stop
    at: Stamp | None = None
    """When it happened; None: nothing to tell of that."""


def finished(telling: Telling, now: Stamp) -> Arrived | Departed | Corrected:
    """The event as it is written now, its stop's first event having been written before."""
    event, stop = telling.event, telling.stop
    if isinstance(event, Corrected):
        return msgspec.structs.replace(event, stop=stop.key or _NOT_YET)
    ago = elapsed(telling.at, now) if telling.at is not None else None
    return msgspec.structs.replace(event, stop=stop.key, ago=max(0, ago or 0))


def arrived(
    book: Book,
    number: int,
    at: Stamp,
    place: Place | None,
    word: Key | None,
    chosen: PlannedStop | None = None,
) -> list[Telling]:
    """A stop has begun at `at`; `word`: the driver said so, and first, and that it is `chosen`."""
    former = book.latest
    if word is None and former is not None and former.paused and _is_same(former, place):
        former.departed, former.paused = None, False
        book.enter(number, former)
        return [Telling(Corrected(stop=_NOT_YET, still_there=True), former)]
    stop = Stop(key=word, arrived=at, word=word, place=place, chosen=chosen)
    book.enter(number, stop)
    # Without a place there is nothing to add to the driver's word.
    return [] if word is not None and place is None else [_arrival(stop, word)]


def confirmed(
    book: Book,
    number: int,
    at: Stamp | None,
    place: Place | None,
    word: Key | None,
    chosen: PlannedStop | None = None,
) -> list[Telling]:
    """The GPS and the driver both know of a stop now; what is given replaces what was known."""
    stop = book.stops.get(number)
    if stop is None:
        return []
    stop.arrived = at or stop.arrived
    stop.place = place or stop.place
    stop.chosen = chosen or stop.chosen
    stop.word = stop.word or word
    return [_arrival(stop, word or stop.word)]


def departed(
    book: Book, number: int, at: Stamp, word: Key | None, *, paused: bool = False
) -> list[Telling]:
    """A stop ended at `at`; `word`: the driver said so."""
    stop = book.stops.get(number)
    book.open = None
    if stop is None:
        return []
    stop.departed, stop.paused = at, paused
    if word is not None and not stop.told:
        return []  # the driver's two words say it all
    stop.told = True
    return [Telling(Departed(source="both" if word else "gps", cites=word), stop, at)]


def _arrival(stop: Stop, word: Key | None) -> Telling:
    stop.told = True
    place, planned = stop.place, stop.planned
    event = Arrived(
        source="both" if stop.word else "gps",
        cites=word,
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


def _is_same(stop: Stop, place: Place | None) -> bool:
    if stop.place is None or place is None:
        return False
    return tours.metres((stop.place.lat, stop.place.lon), (place.lat, place.lon)) < SAME_PLACE
