"""What time a row is made, by a clock that never steps. Refuses to guess: an unknown utc is None.

A row's time is (boot, boottime); an anchor ties a boot's counter to UTC. Two boots are never
compared by their counters. Who decides that an anchor is true: `discipline.py`.
"""

import sqlite3
import time
from pathlib import Path

import msgspec

from . import system_clock

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class BootClock:
    """This boot's counter; `rate` above 1 makes a replayed day keep its own time (a twin)."""

    def __init__(self, *, rate: float = 1.0, boot_id: str | None = None) -> None:
        self.rate = rate
        self.boot_id = boot_id or _BOOT_ID.read_text(encoding="ascii").strip()

    def boottime(self) -> int:
        """Milliseconds since boot, time asleep included."""
        return int(time.clock_gettime_ns(time.CLOCK_BOOTTIME) * self.rate) // 1_000_000


class Anchor(msgspec.Struct, frozen=True):
    """At `boottime` of that boot it was `utc`; both in milliseconds, `utc` since 1970."""

    boot_id: str
    boottime: int
    utc: int
    source: str
    """gps, ntp or rtc."""
    error: int
    """Milliseconds it may be wrong by."""


class Stamp(msgspec.Struct, frozen=True):
    """When a row was made, as far as it is known now."""

    boot_id: str
    boottime: int
    utc: int | None
    source: str
    """"none" when utc is None."""
    error: int


def utc_at(anchor: Anchor, boottime: int) -> int:
    """UTC at another instant of the anchor's boot, before it or after."""
    return anchor.utc + boottime - anchor.boottime


def stamp(clock: BootClock, anchor: Anchor | None) -> Stamp:
    """The time now; dated only by an anchor of this very boot."""
    boottime = clock.boottime()
    if anchor is None or anchor.boot_id != clock.boot_id:
        return Stamp(clock.boot_id, boottime, None, "none", 0)
    return Stamp(clock.boot_id, boottime, utc_at(anchor, boottime), anchor.source, anchor.error)


def known_anchor(vehicle_journal: Path, clock: BootClock) -> Anchor | None:
    """What any process of the unit may date this boot by: the vehicle's word, else the kernel's."""
    return read_anchor(vehicle_journal, clock.boot_id) or kernel_anchor(clock)


def read_anchor(vehicle_journal: Path, boot_id: str) -> Anchor | None:
    """The anchor the vehicle keeps for that boot, read-only; None when there is none to read."""
    if not vehicle_journal.exists():
        return None
    try:
        database = sqlite3.connect(f"{vehicle_journal.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.OperationalError:
        return None
    try:
        database.execute("PRAGMA query_only = 1")
        row = database.execute(
            "SELECT boot_id, boottime, utc, source, error FROM anchor WHERE boot_id = ?", (boot_id,)
        ).fetchone()
    except sqlite3.DatabaseError:
        return None  # no such table yet, or a damaged file: its owner is the one to say so
    finally:
        database.close()
    return Anchor(*row) if row else None


def kernel_anchor(clock: BootClock) -> Anchor | None:
    """The system clock, if the kernel says it is synchronised; a twin's counter never is."""
    if clock.rate != 1.0:
        return None
    error = system_clock.synchronised_within()
    if error is None:
        return None
    utc = time.time_ns() // 1_000_000
    return Anchor(clock.boot_id, clock.boottime(), utc, "ntp", error)
