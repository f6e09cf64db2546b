"""A script: what is going to happen, told one deed at a time, each told the key of the one before.

Lazy, so that ten thousand units with a day before them cost little memory.
"""

import heapq
from collections.abc import Generator, Iterator
from typing import NamedTuple

from protocol.event import Event, Key


class Boot(NamedTuple):
    """One life of the box, from power on to power off."""

    id: str
    started: int
    """Milliseconds since 1970."""


class Deed(NamedTuple):
    """Something that happens on board and becomes a row."""

    at: int
    """Milliseconds since 1970; of one journal never less than the one before."""
    journal: str
    event: Event
    boot: Boot
    personal: dict[str, str] | None = None
    """What is sealed beside the row, if anything."""


Script = Generator[Deed, Key, int]
"""Is sent the key of each deed it told; returns the time of its last one."""
Newcomers = Iterator[tuple[int, Script]]
"""When each begins, in order."""


def weave(newcomers: Newcomers, began: int) -> Script:
    """Several scripts at once, their deeds in the order of time."""
    upcoming: list[tuple[int, int, Deed, Script]] = []
    coming, count, now = next(newcomers, None), 0, began
    while upcoming or coming is not None:
        while coming is not None and (not upcoming or coming[0] <= upcoming[0][0]):
            script, coming = coming[1], next(newcomers, None)
            deed = next(script, None)
            if deed is not None:
                count += 1
                heapq.heappush(upcoming, (deed.at, count, deed, script))
        if not upcoming:
            continue
        at, _, deed, script = heapq.heappop(upcoming)
        now = max(now, at)
        key = yield deed._replace(at=now)
        try:
            following = script.send(key)
        except StopIteration:
            continue
        count += 1
        heapq.heappush(upcoming, (following.at, count, following, script))
    return now
