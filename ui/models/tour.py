"""The day's tour as the driver follows it: what is done, where it stands, what comes next. Pure."""

import textwrap
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from protocol.documents import PlannedStop

State = Literal["done", "here", "next", "later"]


class Halt(NamedTuple):
    """A planned stop on the rail."""

    id: str
    name: str
    opens: int
    closes: int
    """Minutes of the local day."""
    state: State


def rail(
    stops: Sequence[PlannedStop],
    *,
    visited: Collection[str] = (),
    here: str = "",
    minute: int | None = None,
    in_service: bool = True,
) -> tuple[Halt, ...]:
    """The planned stops in their order.

    `visited`, `here`: ids of those that are over, and of the one it stands at; `minute`: of the
    local day, None while the time is not known. Off duty nobody is on the way to the next one.
    """
    coming = "" if here or not in_service else _coming(stops, visited, minute)
    return tuple(
        Halt(stop.id, stop.name, stop.opens, stop.closes, _state(stop.id, visited, here, coming))
        for stop in stops
    )


def now_at(halts: Sequence[Halt]) -> int | None:
    """Place of the one it stands at or goes to; None: all are done, or there are none."""
    for index, halt in enumerate(halts):
        if halt.state in ("here", "next"):
            return index
    return None


def window(halts: Sequence[Halt], rows: int) -> tuple[int, tuple[Halt, ...]]:
    """So many of them around where the vehicle is, and how many are left out before."""
    index = now_at(halts)
    done = (place for place, halt in enumerate(halts) if halt.state == "done")
    centre = max(done, default=0) if index is None else index
    start = max(0, min(centre - 1, len(halts) - rows))
    return start, tuple(halts[start : start + rows])


def brief(name: str, most: int = 24) -> str:
    """A name that fits a line of the rail; the card beside it has all of it."""
    if len(name) <= most:
        return name
    return textwrap.shorten(name, most, placeholder="").rstrip(" ,;:-–") + "…"


def _coming(stops: Sequence[PlannedStop], visited: Collection[str], minute: int | None) -> str:
    """The first after the last that is over; before the first, the first that is still open."""
    done = [index for index, stop in enumerate(stops) if stop.id in visited]
    left = stops[max(done) + 1 :] if done else stops
    if done or minute is None:
        return left[0].id if left else ""
    return next((stop.id for stop in left if stop.closes > minute), "")


def _state(id: str, visited: Collection[str], here: str, coming: str) -> State:
    if id == here:
        return "here"
    if id in visited:
        return "done"
    return "next" if id == coming else "later"
