"""What the staff's first page counts: by door, by workshop, by stop, on few lines. Pure."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from .stopped import Stops
from .today import Today

LINES = 8
"""That fit on the page; the smallest of more are counted together."""


class Line(NamedTuple):
    """A bar."""

    name: str
    """Code of a door; title of a workshop; name of a stop; empty: all others together."""
    count: int
    note: str = ""


class Counts(NamedTuple):
    """The three large numbers."""

    visits: int
    sign_ups: int
    stops: int
    planned: int
    """Stops of the tour; 0: none is known."""


def counts(today: Today, stops: Stops, planned: int) -> Counts:
    """Since the day began."""
    return Counts(len(today.counted), sum(today.sign_ups.values()), len(stops.stops), planned)


def by_door(today: Today, doors: Iterable[str]) -> list[Line]:
    """Visits by door, in the order of the doors."""
    found = today.by(lambda visit: visit.event.door)
    return fitting([Line(door, found[door]) for door in doors if found[door]])


def by_workshop(today: Today, title: Callable[[str], str]) -> list[Line]:
    """Sign-ups of today by workshop."""
    return fitting([Line(title(one), count) for one, count in today.sign_ups.items()])


def by_stop(today: Today, stops: Stops, nameless: str) -> list[Line]:
    """Visits by stop, in the order of the day; `nameless`: for a stop without a name."""
    found = today.by(lambda visit: stops.of(visit.event.stop))
    return fitting([Line(stop.name or nameless, found[stop.id]) for stop in stops.stops])


def shortened(name: str, letters: int = 18) -> str:
    """A name on one line; the summary of the day has all of it."""
    return name if len(name) <= letters else name[: letters - 1].rstrip(" ,") + "…"


def fitting(lines: list[Line], most: int = LINES) -> list[Line]:
    """As many lines as fit, the smallest of the others in one."""
    if len(lines) <= most:
        return lines
    kept = sorted(lines, key=lambda line: -line.count)[: most - 1]
    rest = sum(line.count for line in lines) - sum(line.count for line in kept)
    return [*(line for line in lines if line in kept), Line("", rest)]
