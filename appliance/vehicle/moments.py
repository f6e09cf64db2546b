"""Arithmetic on stamps: earlier, how long between, dated late. Pure."""

import msgspec

from ..clock import Stamp


def elapsed(then: Stamp, now: Stamp) -> int | None:
    """Milliseconds between two stamps; None when no clock tells."""
    if then.boot_id == now.boot_id:
        return now.boottime - then.boottime
    return None if then.utc is None or now.utc is None else now.utc - then.utc


def earlier(stamp: Stamp, ago: int) -> Stamp:
    """So many milliseconds before it."""
    utc = None if stamp.utc is None else stamp.utc - ago
    return msgspec.structs.replace(stamp, boottime=stamp.boottime - ago, utc=utc)


def dated(then: Stamp, now: Stamp) -> Stamp:
    """The same moment, dated by `now` where it was made before the clock was known."""
    if then.utc is not None or then.boot_id != now.boot_id:
        return then
    return earlier(now, now.boottime - then.boottime)
