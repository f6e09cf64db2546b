"""What is still to be done before the day is closed, and the day on one sheet. Pure."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from .home import Line
from .stopped import Stops
from .today import Today


class Left(NamedTuple):
    """Something that somebody may want to do first; the day closes without it."""

    what: str
    """Key of the sentence: `left.<what>`."""
    count: int
    touch: str
    """Leads to where it is done, or does it."""


def left(
    *, waiting: int, to_note: int, missing: int, untold: int, counted: int, trial: bool
) -> tuple[Left, ...]:
    """`missing`: lines of attendance; `untold`: people who do not know that they moved up.

    `counted`: people of a tally that was not noted.
    """
    all_of_it = (
        Left("waiting", waiting, "queue"),
        Left("to_note", to_note, "describe"),
        Left("missing", missing, "attendance"),
        Left("untold", untold, "to_call"),
        Left("counted", counted, "animation"),
        Left("trial", int(trial), "trial"),
    )
    return tuple(one for one in all_of_it if one.count)


class Entry(NamedTuple):
    """A line of the sheet; a title has no count."""

    text: str
    count: str = ""
    is_title: bool = False


def sheet(
    today: Today,
    stops: Stops,
    *,
    doors: Iterable[tuple[str, str]],
    title: Callable[[str], str],
    hours: Callable[[int | None, int | None], str],
    words: Callable[[str], str],
) -> tuple[Entry, ...]:
    """Without a name. `doors`: code and label; `words`: key → text; `title`: of a workshop."""
    by_door = today.by(lambda visit: visit.event.door)
    by_stop = today.by(lambda visit: stops.of(visit.event.stop))
    nameless, counted = words("home.some_stop"), today.counted
    at = [
        Line(stop.name or nameless, by_stop[stop.id], hours(stop.arrived, stop.departed))
        for stop in stops.stops
    ]
    return (
        Entry(words("sheet.visits"), str(len(counted)), True),
        *(Entry(label, str(by_door[door])) for door, label in doors if by_door[door]),
        Entry(words("sheet.people"), str(sum(visit.people for visit in counted))),
        Entry(words("sheet.noted"), str(sum(visit.told is not None for visit in counted))),
        *_section(words("sheet.stops"), at, len(stops.stops)),
        *_section(
            words("sheet.sign_ups"),
            [Line(title(one), count) for one, count in today.sign_ups.items()],
            sum(today.sign_ups.values()),
        ),
        *_section(words("sheet.tallies"), [], today.participants),
    )


def _section(title: str, lines: list[Line], count: int) -> Iterable[Entry]:
    if not count:
        return
    yield Entry(title, str(count), True)
    for line in lines:
        yield Entry(line.name, str(line.count))
        if line.note:
            yield Entry(f"  {line.note}")
