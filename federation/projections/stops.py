"""Makes stops from all that a unit told of them, and tells which moments that changes. Pure."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from protocol.codes import NOT_STATED
from protocol.event import Key
from protocol.stop_fold import Stop, Told, fold_named
from protocol.stops import Arrived, Corrected

from .words import Local, Word, by_time, clean, is_sane

Locate = Callable[[Stop], tuple[str, str | None]]
"""Name and commune of a stop (federation.fleet.located)."""
FOREVER: Final = 2**62


class StopRow(NamedTuple):
    """A row of `stop`."""

    unit: str
    epoch: int
    seq: int
    day: str
    source: str
    arrived: int | None
    departed: int | None
    open: int
    lat: float | None
    lon: float | None
    name: str
    planned: str | None
    commune: str
    territory_class: str
    zoning_year: int | None

    @property
    def key(self) -> Key:
        """Its id."""
        return Key(self.epoch, self.seq)


Names = Mapping[Key, Key]
"""Another key of a stop → its id."""


def stops(words: Iterable[Word], local: Local, locate: Locate) -> tuple[list[StopRow], Names]:
    """The stops of a unit, oldest first, and their other keys."""
    told = list(_told(by_time(words)))
    found, names = fold_named(told)
    heard = _first_heard(told, names)
    rows = [_row(stop, heard.get(stop.id, 0), local, locate) for stop in found]
    kept = {row.key for row in rows}
    return rows, {key: name for key, name in names.items() if name in kept}


def _told(words: Iterable[Word]) -> Iterator[Told]:
    """A copy tells nothing but that its key is one more of the same stop."""
    for word in words:
        event, utc = word.event, word.utc
        if not word.copied:
            yield Told(word.key, word.origin, utc, word.at, event)
        elif isinstance(event, Arrived) and event.stop is None and word.origin is not None:
            same = Corrected(stop=word.origin, trial=event.trial)
            yield Told(word.origin, word.key, utc, word.at, same)


def _first_heard(told: Iterable[Told], names: Names) -> dict[Key, int]:
    heard = dict[Key, int]()
    for line in told:
        for key in (line.key, getattr(line.event, "stop", None)):
            if key is not None:
                name = names.get(key, key)
                heard[name] = min(line.order, heard.get(name, line.order))
    return heard


def _row(stop: Stop, heard: int, local: Local, locate: Locate) -> StopRow:
    name, commune = locate(stop)
    arrived, departed = _time(stop.arrived), _time(stop.departed)
    begun = next((at for at in (arrived, departed) if at is not None), heard)
    year = stop.zoning_year
    return StopRow(
        unit=local.unit,
        epoch=stop.id.epoch,
        seq=stop.id.seq,
        day=local.day(begun),
        source=stop.source,
        arrived=arrived,
        departed=departed,
        open=int(stop.open),
        lat=stop.lat,
        lon=stop.lon,
        name=clean(name),
        planned=stop.planned,
        commune=commune or NOT_STATED,
        territory_class=stop.territory_class or NOT_STATED,
        zoning_year=year if year is not None and 0 <= year <= 9999 else None,
    )


def _time(moment: int | None) -> int | None:
    return moment if is_sane(moment) else None


def changed(old: Sequence[StopRow], new: Sequence[StopRow]) -> set[Key]:
    """The stops that say something else to what happened there."""
    return {row.key for row in _differing(old, new)} | {row.key for row in _differing(new, old)}


def touched(old: Sequence[StopRow], new: Sequence[StopRow]) -> list[tuple[int, int]]:
    """From when to when a moment may be at another stop than before; some overlap."""
    return [*_spans(_differing(old, new), old), *_spans(_differing(new, old), new)]


def _differing(rows: Sequence[StopRow], others: Sequence[StopRow]) -> list[StopRow]:
    known = {_said(row) for row in others}
    return [row for row in rows if _said(row) not in known]


def _said(row: StopRow) -> tuple[object, ...]:
    return (
        row.epoch, row.seq, row.arrived, row.departed, row.open, row.commune,
        row.territory_class, row.zoning_year,
    )  # fmt: skip


def _spans(rows: Iterable[StopRow], among: Sequence[StopRow]) -> Iterator[tuple[int, int]]:
    """Until the next arrival: an earlier stop may hold what this one leaves free."""
    arrivals = sorted(row.arrived for row in among if row.arrived is not None)
    for row in rows:
        if row.arrived is not None:
            after = bisect_right(arrivals, row.arrived)
            yield row.arrived, arrivals[after] if after < len(arrivals) else FOREVER
