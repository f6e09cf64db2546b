"""Makes periods of duty from what was said of it, by the driver or by itself. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from protocol.duty import Ended, Paused, Resumed, Started

from .words import Local, Word, by_time


class DutyRow(NamedTuple):
    """A row of `duty`."""

    unit: str
    epoch: int
    seq: int
    day: str
    started: int
    ended: int | None
    paused_ms: int


def duties(words: Iterable[Word], local: Local) -> Iterator[DutyRow]:
    """Each period once, oldest first: told again, it goes on; a break ends with it at the latest.

    Screen and vehicle both tell of it, so its order is that of time.
    """
    now: DutyRow | None = None
    broke: int | None = None
    for word in by_time(words):
        if word.copied or word.event.trial:
            continue
        at, event = word.at, word.event
        if now is None:
            if isinstance(event, Started):
                now = DutyRow(local.unit, word.key.epoch, word.key.seq, local.day(at), at, None, 0)
            continue
        if isinstance(event, Paused):
            broke = at if broke is None else broke
        elif isinstance(event, Started | Resumed | Ended) and broke is not None:
            now, broke = now._replace(paused_ms=now.paused_ms + at - broke), None
        if isinstance(event, Ended):
            yield now._replace(ended=at)
            now = None
    if now is not None:
        yield now
