"""Workshops as visitors see them: what is on offer, seats left, a date in words. Pure.

Never overbooks: what is not sure to be free counts as taken.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from protocol.documents import Programme
from protocol.event import Event, Key
from protocol.workshops import Cancelled, SignedUp

DAYS = (
    *("day.monday", "day.tuesday", "day.wednesday", "day.thursday"),
    *("day.friday", "day.saturday", "day.sunday"),
)
MONTHS = (
    *("month.january", "month.february", "month.march", "month.april", "month.may", "month.june"),
    *("month.july", "month.august", "month.september", "month.october", "month.november"),
    "month.december",
)
"""Keys of the names, in the order of the calendar."""


class Offer(NamedTuple):
    """A workshop that can be signed up for on this vehicle."""

    id: str
    title: str
    starts: int
    """Milliseconds since 1970."""
    theme: str
    left: int
    """Seats of this vehicle that nobody has taken."""
    asks_name: bool = True


def offers(
    programme: Programme, seats_taken: Mapping[str, int], utc: int | None
) -> tuple[Offer, ...]:
    """Those that have not begun, the next one first; all of them while the time is not known."""
    upcoming = (each for each in programme.workshops if utc is None or each.starts > utc)
    return tuple(
        Offer(
            id=each.id,
            title=each.title,
            starts=each.starts,
            theme=each.theme,
            left=max(0, each.seats - seats_taken.get(each.id, 0)),
            asks_name=each.asks_name,
        )
        for each in sorted(upcoming, key=lambda each: (each.starts, each.id))
    )


def taken(told: Iterable[tuple[Key, Event]]) -> dict[str, int]:
    """Workshop → seats that are taken, of its sign-ups and what was given back, in any order."""
    events = dict(told)
    given_back = dict[Key, int]()
    for event in events.values():
        if isinstance(event, Cancelled):
            seats = 10**6 if event.seats is None else event.seats
            given_back[event.sign_up] = given_back.get(event.sign_up, 0) + seats
    seats_of = dict[str, int]()
    for key, event in events.items():
        if isinstance(event, SignedUp) and not event.trial:
            # Who waits gives back first.
            held = min(event.seats - event.waiting, event.seats - given_back.get(key, 0))
            seats_of[event.workshop] = seats_of.get(event.workshop, 0) + max(0, held)
    return seats_of


Seating = Literal["seats", "wait", "ask"]


def seating(people: int, left: int) -> Seating:
    """Whether they all have seats, all wait, or must be asked: a group is never split unasked."""
    if people <= left:
        return "seats"
    return "ask" if left else "wait"


def is_possible(people: int, waiting: int, left: int) -> bool:
    """Whether so many seats are still there for those who do not wait."""
    return people - waiting <= left


def when(starts: int, zone: str, words: Mapping[str, str]) -> str:
    """A date in words, by the clocks of that time zone."""
    local = datetime.fromtimestamp(starts / 1000, ZoneInfo(zone))
    hour = "when.hour" if local.minute == 0 else "when.hour_minutes"
    return words["when.date"].format(
        day=words[DAYS[local.weekday()]],
        number=words["when.first"] if local.day == 1 else local.day,
        month=words[MONTHS[local.month - 1]],
        hour=words[hour].format(hour=local.hour, minutes=f"{local.minute:02}"),
    )


def seats_left(left: int, words: Mapping[str, str]) -> str:
    """How many seats are free, in words."""
    if not left:
        return words["workshops.full"]
    return words["workshops.seat" if left == 1 else "workshops.seats"].format(count=left)
