"""The keeper's loop: the disk at every step, daily chores once the time is known, a slice a step.

A chore that fails is told in `keeper.json` and tried again the next day; it stops nobody.
"""

import logging
import sqlite3
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from .. import disk, runtime, service
from ..clock import BootClock, known_anchor, utc_at
from ..config import UnitConfig
from ..errors import JournalRefused, OperatorError
from ..journal import opening
from ..journal.lock import WriterLock
from ..journal.reader import journals
from . import copies, integrity
from .timetable import Timetable

PAUSE = 5.0
"""Seconds between two looks at the disk."""
SLICE_PAUSE = 0.05
"""Seconds between two slices of a chore: the others' disk comes first."""
FORGET_EVERY = 3600.0

ANOTHER = "another keeper, process {holder}, holds {path}: stop that one first, a unit has one."

_log = logging.getLogger("keeper")


class Keeper:
    """All the chores of one unit."""

    def __init__(
        self,
        config: UnitConfig,
        clock: BootClock,
        *,
        limits: disk.Limits = disk.Limits(),  # noqa: B008
        ballast: int = disk.BALLAST,
    ) -> None:
        self._data, self._run, self._clock = config.paths.data, config.paths.run, clock
        self._limits, self._ballast_size = limits, ballast
        self._timetable = Timetable(self._begin_chores)
        self._chores: Iterator[None] = iter(())
        self._next_forget = float("-inf")
        self._disk: disk.State = "ok"
        self._integrity: dict[str, str] = {}
        self._backup = ""
        self._last_backup: int | None = None

    @property
    def ballast(self) -> Path:
        """The file that gives way when the disk is full."""
        return self._data / "ballast"

    def step(self, now: float) -> float:
        """Look at the disk, do a slice of what is due; seconds until the next look."""
        self._guard_disk()
        if now >= self._next_forget:
            self._next_forget = now + FORGET_EVERY
            self._tidy()
        if known_anchor(self._data / "vehicle.db", self._clock) is not None:
            self._timetable.step(now, time.time())
        busy = next(self._chores, self) is None
        self._publish()
        return SLICE_PAUSE if busy else PAUSE

    def close(self) -> None:
        """A chore half done leaves nothing behind, no file open either."""
        if isinstance(self._chores, Generator):
            self._chores.close()
        self._chores = iter(())

    def _guard_disk(self) -> None:
        if not self._data.exists():
            return  # nobody has written anything yet
        free = disk.free_bytes(self._data)
        self._disk = disk.state(free, self._disk, self._limits)
        if self._disk == "full" and disk.free_ballast(self.ballast):
            _log.warning("the disk is full: the ballast was given up, %d bytes", self._ballast_size)
        elif free > 2 * self._limits.low + self._ballast_size:
            disk.make_ballast(self.ballast, self._ballast_size)

    def _begin_chores(self) -> None:
        self._chores = self._daily()

    def _daily(self) -> Iterator[None]:
        self._integrity = {path.stem: "" for path in journals(self._data)}
        for path in journals(self._data):
            self._integrity[path.stem] = integrity.check(path)
            yield
        if self._disk == "ok":
            yield from self._copy()

    def _tidy(self) -> None:
        try:
            copies.forget_receipted(self._data)
        except OSError as error:
            _log.warning("what is over could not be removed: %s", error)

    def _copy(self) -> Iterator[None]:
        try:
            yield from copies.make(self._data)
        except (OperatorError, OSError, sqlite3.Error) as error:
            self._backup = str(error)
            _log.warning("no copy was made: %s", error)
        else:
            self._backup, self._last_backup = "", self._utc()

    def _utc(self) -> int | None:
        anchor = known_anchor(self._data / "vehicle.db", self._clock)
        return None if anchor is None else utc_at(anchor, self._clock.boottime())

    def _faults(self) -> list[str]:
        told = [*self._integrity.values(), self._backup]
        return [sentence for sentence in told if sentence not in ("", "ok")]

    def _publish(self) -> None:
        runtime.publish(
            self._run,
            "keeper",
            {
                "disk_free": disk.free_bytes(self._data) if self._data.exists() else None,
                "disk_state": self._disk,
                "ballast": self.ballast.exists(),
                "copies": len(copies.existing(self._data)),
                "last_backup": self._last_backup,
                "integrity": self._integrity,
                "faults": self._faults(),
            },
        )


def run(config: UnitConfig) -> int:
    """The `keeper` service, until it is told to stop."""
    lock = _only_one(config.paths.data)
    keeper = Keeper(config, BootClock(rate=config.twin.clock_rate))
    try:
        return service.run(keeper.step, close=keeper.close, name="keeper")
    finally:
        if lock is not None:
            lock.release()


def _only_one(data: Path) -> WriterLock | None:
    """Raises OperatorError when another keeper is at work, or the folder cannot be had."""
    try:
        return opening.locked(data / "keeper.lock", ANOTHER)
    except JournalRefused as error:
        # It is on a disk that takes nothing that a keeper is needed most.
        _log.warning("no lock was taken: %s", error)
        return None
