"""How long a receipted row stays on board, by its type, and how old a row is. Pure.

Age is never read off a wall clock alone: within one boot its counter tells; between boots a
clock that jumps is followed a day per turn at the most, and what cannot be told is kept.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from protocol.retention import RULES

DAY = 86_400_000
"""Milliseconds."""
LONGEST_KNOWN = 400 * DAY
"""An older row was dated by a clock gone wrong: its date says nothing."""

DAYS: dict[str, int] = {
    # Staff may complete or strike out yesterday's visits, and Friday's on Sunday.
    "visit": 3,
    "visits": 3,
    # Seats are counted on board until the workshop has taken place.
    "workshop": 60,
    # The screen shows the tour of today and yesterday.
    "stop": 3,
    "duty": 3,
    "day": 3,
    "incident": 3,
    "help": 3,
    # Of interest to the federation alone.
    "staff": 1,
    "unit": 1,
    "clock": 1,
    "settings": 1,
    "update": 1,
    "disk": 1,
    # A technician asked to look comes within the week.
    "journal": 7,
}
"""Subject of the type (what stands before the dot) → days on board, once receipted."""
OTHERWISE = 3
"""Days, for a subject that this software does not know."""
SEALED = RULES["unit.sealed"].days * DAY
"""Milliseconds that an envelope stays after its receipt; its row stays longer, without it."""


class Aged(NamedTuple):
    """What purging needs to know of a row."""

    id: int
    type: str
    boot_id: str
    boottime: int
    utc: int | None


class Moment(NamedTuple):
    """Now, as far as purging believes it."""

    boot_id: str
    boottime: int
    utc: int | None


class Tally(NamedTuple):
    """The time that surely passed on board, added up look by look; all in milliseconds."""

    total: int
    boot_id: str
    """Of the last look, as is `boottime`."""
    boottime: int
    utc: int | None = None
    """At the last look at which the time was certain."""
    dated: int = 0
    """The total at that look."""


def believe(last: int | None, utc: int | None) -> int | None:
    """The time to purge by: at most a day beyond the last one believed."""
    if utc is None or last is None:
        return utc
    return min(utc, last + DAY)


def due(rows: Sequence[Aged], now: Moment, needed: Collection[int] = ()) -> set[int]:
    """Ids of the rows whose time on board is over; `rows` oldest first, all receipted.

    A row is at least as old as any row after it: so one without a date ages with the next
    that has one. Ids in `needed` are never due (the latest word on duty, the last closing).
    """
    over, oldest = set(), -1
    for row in reversed(rows):
        oldest = max(oldest, age(row, now))
        if oldest > days(row.type) * DAY and row.id not in needed:
            over.add(row.id)
    return over


def age(row: Aged, now: Moment) -> int:
    """Milliseconds since the row was made; -1 when nothing tells."""
    if row.boot_id == now.boot_id:
        return max(now.boottime - row.boottime, -1)
    if row.utc is None or now.utc is None:
        return -1
    told = now.utc - row.utc
    return told if 0 <= told <= LONGEST_KNOWN else -1


def days(type_name: str) -> int:
    """Days on board after the receipt."""
    return DAYS.get(type_name.partition(".")[0], OTHERWISE)


def certain(last: int | None, utc: int | None) -> int | None:
    """The time, unless something speaks against it: what was believed `last`, a turn ago or now.

    A clock that has jumped is certain again once belief, a day per turn, has caught up with it.
    """
    if utc is None or last is None:
        return utc
    return utc if last <= utc <= last + DAY else None


def passed(tally: Tally | None, now: Moment) -> Tally:
    """The tally at this look; `now.utc` only where it is certain.

    A boot's counter tells what passed within it; all of it passed after any boot before it. What
    passed between two boots counts once the time is certain in both, however much later.
    """
    if tally is None:
        return Tally(0, now.boot_id, now.boottime, now.utc)
    since = tally.boottime if tally.boot_id == now.boot_id else 0
    total = tally.total + max(now.boottime - since, 0)
    if now.utc is None:
        return tally._replace(total=total, boot_id=now.boot_id, boottime=now.boottime)
    if tally.utc is not None:
        total = max(total, tally.dated + now.utc - tally.utc)
    return Tally(total, now.boot_id, now.boottime, now.utc, total)
