"""How long the next try of a PIN or a code must wait. Pure; counts in boot time alone.

No clock can be set to shorten a wait, and a new boot begins it again from its own start.
"""

from typing import Final, NamedTuple

FREE: Final = 5
"""Tries without any wait."""
FIRST, LONGEST = 30.0, 3600.0
"""Seconds; doubled from the one to the other."""
EASES: Final = 3_600_000
"""Milliseconds in which one try is forgotten, where tries are forgotten by time at all."""


class Tries(NamedTuple):
    """What is kept of the tries since the last right one."""

    begun: int = 0
    boot_id: str = ""
    boottime: int = 0
    """Of the last one, milliseconds."""


def wait(begun: int) -> float:
    """Seconds between so many tries and the next."""
    if begun < FREE:
        return 0.0
    return min(LONGEST, FIRST * 2.0 ** min(begun - FREE, 20))


def left(tries: Tries, boot_id: str, boottime: int) -> float:
    """Seconds until the next one may be made; `boottime` in milliseconds."""
    since = tries.boottime if tries.boot_id == boot_id else 0
    return max(0.0, wait(tries.begun) - (boottime - since) / 1000)


def eased(tries: Tries, boot_id: str, boottime: int) -> Tries:
    """The same with one try forgotten for each whole hour that surely passed since the last."""
    since = boottime - (tries.boottime if tries.boot_id == boot_id else 0)
    return tries._replace(begun=max(0, tries.begun - since // EASES))
