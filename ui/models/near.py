"""The workshops that staff look after now, in numbers. Pure; knows no name."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from protocol.documents import Programme, Workshop
from protocol.event import Key
from protocol.standing import Standing

from .attendance import Sheet

DAY: Final = 86_400_000
"""Milliseconds."""


class Near(NamedTuple):
    """A workshop of this vehicle that staff look after, in numbers."""

    id: str
    title: str
    starts: int
    """Milliseconds since 1970."""
    theme: str
    seats: int
    """Of this vehicle."""
    taken: int
    waiting: int
    missing: int
    """Lines of its sheet that nobody has filled in; 0 while it has not begun."""


def near(
    programme: Programme,
    standings: Mapping[Key, Standing],
    sheets: Callable[[str], Sheet],
    utc: int | None,
) -> tuple[Near, ...]:
    """Those that begin, or began within a day; all of them while the time is not known."""
    found = []
    for each in sorted(programme.workshops, key=lambda each: (each.starts, each.id)):
        if utc is not None and each.starts < utc - DAY:
            continue
        has_begun = utc is not None and each.starts <= utc
        missing = sheets(each.id).missing if has_begun else 0
        stand = (one for one in standings.values() if one.event.workshop == each.id)
        found.append(_near(each, [one for one in stand if not one.event.trial], missing))
    return tuple(found)


def _near(workshop: Workshop, stand: Sequence[Standing], missing: int) -> Near:
    return Near(
        id=workshop.id,
        title=workshop.title,
        starts=workshop.starts,
        theme=workshop.theme,
        seats=workshop.seats,
        taken=sum(one.held for one in stand),
        waiting=sum(one.waiting for one in stand),
        missing=missing,
    )
