"""What a receiver said of one instant. A value and nothing else."""

from datetime import datetime
from typing import NamedTuple


class Fix(NamedTuple):
    """One epoch of the receiver, merged from its sentences; with `mode` 1 it has no position."""

    time: datetime | None = None
    """UTC as the receiver tells it (a 1024-week error included); None: no full date yet."""
    lat: float | None = None
    """Degrees, north positive."""
    lon: float | None = None
    """Degrees, east positive."""
    speed: float | None = None
    """Metres per second over the ground."""
    course: float | None = None
    """Degrees from true north."""
    mode: int = 1
    """1: no fix, 2: position without altitude, 3: with altitude."""
    hdop: float | None = None
    satellites: int | None = None
    """Used in the position."""
    dated: bool = False
    """This epoch itself held a full date, none was carried over from an earlier one."""
    valid: bool = False
    """The receiver stands behind its navigation: RMC status A."""
    clock: int | None = None
    """Milliseconds since the receiver's midnight, known even while the date is not."""
    heard: float = 0.0
    """When its first bytes were read, on the clock the caller of `push` gave."""
