"""Workshops as visitors see them: what is on offer, seats left, a date in words. Pure.

Never overbooks: what is not sure to be free counts as taken.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from appliance import retention
from protocol.documents import Programme

from ..text import dates
from ..text.catalogue import Words
from ..text.dates import Parts

FARTHEST: Final = (retention.DAYS["workshop"] - 5) * retention.DAY
"""Milliseconds ahead."""
LONG_TITLE: Final = 32
"""Letters that fit a line."""


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
    minutes: int = 60
    place: str = ""


def offers(
    programme: Programme, seats_taken: Mapping[str, int], utc: int | None
) -> tuple[Offer, ...]:
    """Those that have not begun, the next one first; all of them while the time is not known.

    None that is so far away that its first sign-ups would be purged before it begins: their
    seats would be given twice.
    """
    upcoming = (
        each for each in programme.workshops if utc is None or utc < each.starts < utc + FARTHEST
    )
    return tuple(
        Offer(
            id=each.id,
            title=each.title,
            starts=each.starts,
            theme=each.theme,
            left=max(0, each.seats - seats_taken.get(each.id, 0)),
            asks_name=each.asks_name,
            minutes=each.minutes,
            place=each.place,
        )
        for each in sorted(upcoming, key=lambda each: (each.starts, each.id))
    )


def rows_a_page(offers: Sequence[Offer], *, roomy: bool) -> int:
    """How many are shown at once: fewer where a title takes several lines, and in tall letters."""
    return 3 - any(len(offer.title) > LONG_TITLE for offer in offers) - roomy


Seating = Literal["seats", "wait", "ask"]


def seating(people: int, left: int) -> Seating:
    """Whether they all have seats, all wait, or must be asked: a group is never split unasked."""
    if people <= left:
        return "seats"
    return "ask" if left else "wait"


def is_possible(people: int, waiting: int, left: int) -> bool:
    """Whether so many seats are still there for those who do not wait."""
    return people - waiting <= left


def when(starts: int, zone: str, words: Words) -> str:
    """A date in words, by the clocks of that time zone."""
    return dates.in_words(datetime.fromtimestamp(starts / 1000, ZoneInfo(zone)), words)


def when_apart(starts: int, zone: str, words: Words) -> Parts:
    """The same, word by word."""
    return dates.parts(datetime.fromtimestamp(starts / 1000, ZoneInfo(zone)), words)


def seats_left(left: int, words: Words) -> str:
    """How many seats are free, in words."""
    return words.plural("workshops.seats", left) if left else words["workshops.full"]
