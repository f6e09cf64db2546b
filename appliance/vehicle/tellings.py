"""From the facts of `appliance.stops` to events: keys, citations, place and age. Pure.

A stop is known by the key of its first event: the driver's word when that came first, else ours.
The screen wrote the driver's word; where the GPS bears it out, `source` is both and the word is
cited. Writes nothing: an event gets its stop's key and its age only when the disk takes it.
"""

import msgspec

from protocol.documents import PlannedStop
from protocol.event import Key
from protocol.stops import Arrived, Corrected, Departed

from ..clock import Stamp
from . import tours

SAME_PLACE = 80.0
"""Metres: a stop found again there after a break is the stop from before it."""
KEPT = 3
"""Stops remembered by their number."""
_NOT_YET = Key(0, 0)
"""Stands for the stop's key until the event is written."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where the vehicle stands, by the GPS."""

    lat: float
    lon: float
    planned: PlannedStop | None = None
    uncertain: bool = False


class Stop(msgspec.Struct, kw_only=True):
    """What must be known of a stop to tell the next thing of it."""

    key: Key | None = None
    """None until its first event is written."""
    arrived: Stamp
    departed: Stamp | None = None
    word: Key | None = None
    """The driver's *Arrivée*."""
    place: Place | None = None
    told: bool = False
    """We told of it ourselves."""
    paused: bool = False
    """It ended because a break began."""


class Telling(msgspec.Struct):
    """An event to be written: `ago` and `stop` are filled in then."""

    event: Arrived | Departed | Corrected
    stop: Stop
    at: Stamp | None = None
    """When it happened; None: nothing to tell of that."""


class Book(msgspec.Struct):
    """The last stops by their number, and which of them is open."""

    stops: dict[int, Stop] = {}
    open: int | None = None

    @property
    def standing(self) -> Stop | None:
        """The stop that is open."""
        return None if self.open is None else self.stops.get(self.open)

    @property
    def latest(self) -> Stop | None:
        """The stop that is open, or the last one that was."""
        return self.stops[max(self.stops)] if self.stops else None


def elapsed(then: Stamp, now: Stamp) -> int | None:
    """Milliseconds between two stamps; None when no clock tells."""
    if then.boot_id == now.boot_id:
        return now.boottime - then.boottime
    return None if then.utc is None or now.utc is None else now.utc - then.utc


def finished(telling: Telling, now: Stamp) -> Arrived | Departed | Corrected:
    """The event as it is written now, its stop's first event having been written before."""
    event, stop = telling.event, telling.stop
    if isinstance(event, Corrected):
        return msgspec.structs.replace(event, stop=stop.key or _NOT_YET)
    ago = elapsed(telling.at, now) if telling.at is not None else None
    return msgspec.structs.replace(event, stop=stop.key, ago=max(0, ago or 0))


def arrived(
    book: Book, number: int, at: Stamp, place: Place | None, word: Key | None
) -> list[Telling]:
    """A stop has begun at `at`; `word`: the driver said so, and first."""
    former = book.latest
    if word is None and former is not None and former.paused and _is_same(former, place):
        former.departed, former.paused = None, False
        _enter(book, number, former)
        return [Telling(Corrected(stop=_NOT_YET, still_there=True), former)]
    stop = Stop(key=word, arrived=at, word=word, place=place)
    _enter(book, number, stop)
    # Without a place there is nothing to add to the driver's word.
    return [] if word is not None and place is None else [_arrival(stop)]


def confirmed(
    book: Book, number: int, at: Stamp | None, place: Place | None, word: Key | None
) -> list[Telling]:
    """The GPS and the driver both know of a stop now; what is given replaces what was known."""
    stop = book.stops.get(number)
    if stop is None:
        return []
    stop.word = word or stop.word
    stop.arrived = at or stop.arrived
    stop.place = place or stop.place
    return [_arrival(stop)]


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


def _enter(book: Book, number: int, stop: Stop) -> None:
    kept = sorted(book.stops)[-(KEPT - 1) :]
    book.stops = {**{known: book.stops[known] for known in kept}, number: stop}
    book.open = number


def _arrival(stop: Stop) -> Telling:
    stop.told = True
    place = stop.place
    planned = place.planned if place else None
    event = Arrived(
        source="both" if stop.word else "gps",
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


def _is_same(stop: Stop, place: Place | None) -> bool:
    if stop.place is None or place is None:
        return False
    return tours.metres((stop.place.lat, stop.place.lon), (place.lat, place.lon)) < SAME_PLACE
