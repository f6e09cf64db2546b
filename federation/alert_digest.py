"""Who is written to now, and about what. Pure: sends nothing and reads no store."""

from collections.abc import Iterable, Set
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .alert_words import Digest, Line
from .alerting import MINUTE


class Rhythm(NamedTuple):
    """When somebody is written to."""

    minutes: int
    """At most one message in so many."""
    hours: Set[int] = frozenset()
    """Local hours at which alone; none: at any."""
    zone: str = "Europe/Paris"


class Known(NamedTuple):
    """An alert as the digest of one person meets it."""

    id: int
    line: Line
    is_open: bool
    is_hidden: bool = False
    """Taken care of, or muted."""
    is_folded: bool = False
    """Another one tells of it too."""
    is_ending: bool = False
    """The trouble is gone, for too short a while to say so."""


def due(rhythm: Rhythm, sent: int, now: int) -> bool:
    """Whether a message may go now; `sent`: when the last one did. Milliseconds since 1970."""
    if now - sent < rhythm.minutes * MINUTE:
        return False
    return not rhythm.hours or _hour(now, rhythm.zone) in rhythm.hours


def select(known: Iterable[Known], told: Set[int]) -> tuple[Digest, frozenset[int]]:
    """What to write to somebody who was told of these already, and what they were told then."""
    new, over, remains, hidden = list[Line](), list[Line](), list[Line](), 0
    after = set()
    for one in known:
        if not one.is_open:
            if one.id in told and not one.is_folded:
                over.append(one.line)
            continue
        if one.id in told:
            after.add(one.id)
        if one.is_folded:
            continue
        if one.is_hidden:
            hidden += 1
        elif one.id in told:
            remains.append(one.line)
        elif not one.is_ending:
            after.add(one.id)
            new.append(one.line)
    return Digest(new, over, remains, hidden), frozenset(after)


def hours(text: str) -> frozenset[int] | None:
    """The hours in `8 14`; None: that is none."""
    parts = text.replace(",", " ").replace("h", " ").split()
    if not all(part.isdecimal() and int(part) < 24 for part in parts):
        return None
    return frozenset(int(part) for part in parts)


def _hour(moment: int, zone: str) -> int:
    return datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)).hour
