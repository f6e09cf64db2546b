"""Whose turn it is among the epochs that have something to send. Knows no row and no journal."""

from collections.abc import Iterable
from typing import TypeVar

from .window import Window

WINDOW = 128 * 1024
"""Bytes under way of all epochs together: several times what a 4G link holds, for a federation
that takes a second to answer."""

_Lane = TypeVar("_Lane")


def next_turn(lanes: Iterable[tuple[_Lane, Window]]) -> _Lane | None:
    """The lane to send from, out of those with rows to send, in order of preference.

    The one with the least under way: a check-in of this minute leaves at once beside a backlog
    of a month, and no lane ever waits for another. An idle lane may overfill the window by one
    batch, for the same reason.
    """
    lanes = list(lanes)
    full = sum(window.under_way for _, window in lanes) >= WINDOW
    ready = [
        (window.under_way, place, lane)
        for place, (lane, window) in enumerate(lanes)
        if window.open and not (full and window.flights)
    ]
    return min(ready, key=lambda turn: turn[:2])[2] if ready else None
