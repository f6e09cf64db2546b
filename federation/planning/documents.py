"""What a van should hold: its programme, its tours, notices, settings. Pure; signs nothing.

A document travels whole or not at all: what would make it too large is left for later, the
farthest first, and a sentence says so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

import msgspec

from protocol.documents import Body, Notices, Programme, Tour, Tours, Workshop
from protocol.documents import PlannedStop as Stop
from protocol.messages import MAX_DOCUMENT

ROOM: Final = MAX_DOCUMENT - 512
"""Bytes for a body: name, revision, signature and time go around it."""
DAY: Final = 86_400_000
KEPT_AFTER: Final = 3 * DAY
"""A workshop stays on board for so long after it began: its sheet may be filled in later."""

_B = TypeVar("_B", bound=Body)
_Item = TypeVar("_Item")


class Draft(NamedTuple):
    """A document, and what did not fit."""

    body: Body
    left_out: str = ""
    """One sentence; empty: everything is in it."""


def programme(workshops: Sequence[Workshop], now: int) -> Draft:
    """Those of one van, the next first; `now` in milliseconds since 1970."""
    near = sorted(
        (each for each in workshops if each.starts > now - KEPT_AFTER),
        key=lambda each: (each.starts, each.id),
    )
    return _fitting(near, lambda some: Programme(workshops=tuple(some)), "ateliers")


def tours(coming: Sequence[Tour], depot: Stop | None) -> Draft:
    """Those of one van, by day."""
    days = sorted(coming, key=lambda each: each.day)
    return _fitting(days, lambda some: Tours(tours=tuple(some), depot=depot), "jours de tournée")


def notices(texts: Mapping[str, str]) -> Draft:
    """Texts by language; a language without one is left out."""
    told = sorted((language, text.strip()) for language, text in texts.items() if text.strip())
    return _fitting(told, lambda some: Notices(texts=dict(some)), "langues")


def encoded(body: Body) -> bytes:
    """As it is handed to the outbox; the same for the same content."""
    return msgspec.json.encode(body, order="sorted")


def _fitting(items: Sequence[_Item], make: Callable[[Sequence[_Item]], _B], what: str) -> Draft:
    """As many as fit, from the first on."""
    body = make(items)
    if _fits(body):
        return Draft(body)
    low, high = 0, len(items)
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _fits(make(items[:middle])) else (low, middle)
    left = len(items) - low
    return Draft(
        make(items[:low]),
        f"{left} {what} sur {len(items)} n'entrent pas dans un envoi de 48 Kio : "
        "les plus proches partent, les autres partiront à leur tour.",
    )


def _fits(body: Body) -> bool:
    return len(encoded(body)) <= ROOM
