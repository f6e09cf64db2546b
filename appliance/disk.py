"""What gives way when the card fills up, and the ballast that buys time. Writes no event.

The last space on board belongs to events: positions and copies go first. What the unit says of
itself does not give way: it is a few rows a day, and the clock's date those of people. The ballast
is a file of real blocks that the keeper frees when nothing else is left.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple

State = Literal["ok", "low", "full"]
"""low: positions and copies give way; full: the ballast, too."""

MEBIBYTE = 1024 * 1024


class Limits(NamedTuple):
    """Free bytes below which a state begins; it ends at twice as much."""

    low: int = 256 * MEBIBYTE
    full: int = 64 * MEBIBYTE


BALLAST = 64 * MEBIBYTE
"""Bytes: a month of check-ins."""


def state(free: int, before: State = "ok", limits: Limits = Limits()) -> State:  # noqa: B008
    """The state of the disk; a state once entered is left only when there is room again."""
    if free < limits.full or (before == "full" and free < 2 * limits.full):
        return "full"
    if free < limits.low or (before != "ok" and free < 2 * limits.low):
        return "low"
    return "ok"


def keeps_track(state: State) -> bool:
    """Whether raw positions may still be written."""
    return state == "ok"


def free_bytes(folder: Path) -> int:
    """What this process could still write there."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def make_ballast(path: Path, size: int = BALLAST) -> bool:
    """Takes the space, really; False when the disk has not got it (then nothing is taken)."""
    try:
        if path.exists() and path.stat().st_size == size:
            return True
        with path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)
    except OSError:
        free_ballast(path)
        return False
    return True


def free_ballast(path: Path) -> bool:
    """Gives the space back; False when there was none to give."""
    with suppress(OSError):
        path.unlink()
        return True
    return False
