"""By what a system proves itself: a frame on the screen, a commit in a journal, the vehicle alive.

Reads what the services say and keep, and believes none longer than it says so. Decides nothing.
"""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from .. import runtime
from ..errors import OperatorError
from ..journal import schema
from ..journal.reader import journals

MEMORY: Final = Path("/proc/meminfo")
BLOCK: Final = Path("/sys/class/block")
MEBIBYTE: Final = 1024 * 1024
SECTOR: Final = 512
_WRITTEN: Final = 6
"""Which number of a disk's `stat` counts the sectors that were written."""


class Signs(NamedTuple):
    """What there is of them in this boot."""

    frame: bool
    journal: bool
    vehicle: bool

    @property
    def good(self) -> bool:
        """Whether nothing is missing."""
        return all(self)

    def missing(self) -> str:
        """What is, in words for whoever published the system."""
        words = {
            "the screen drew nothing": self.frame,
            "no journal was written": self.journal,
            "the vehicle service is dead": self.vehicle,
        }
        return ", ".join(word for word, is_there in words.items() if not is_there)


def look(run: Path, data: Path, boot_id: str) -> Signs:
    """At all of them."""
    drawn = (runtime.read(run, "screen") or {}).get("drawn")
    return Signs(
        frame=isinstance(drawn, int) and drawn > 0,
        journal=any(_has_boot(path, boot_id) for path in journals(data)),
        vehicle=runtime.read(run, "vehicle") is not None,
    )


def failed_units() -> str:
    """Names of systemd's failed units with commas between; none; unknown."""
    command = ["systemctl", "list-units", "--state=failed", "--plain", "--no-legend", "--no-pager"]
    try:
        told = subprocess.run(  # noqa: S603 (systemd's own)
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
            check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return ",".join(line.split()[0] for line in told.stdout.splitlines() if line) or "none"


def used_memory(memory: Path = MEMORY) -> int:
    """MiB that nobody else could have."""
    lines = (line.split() for line in memory.read_text(encoding="ascii").splitlines())
    told = {words[0]: int(words[1]) for words in lines if len(words) > 1}
    return (told["MemTotal:"] - told["MemAvailable:"]) // 1024


def written(disk: Path, block: Path = BLOCK) -> float:
    """MiB written to the disk since the start of this system; -1.0: it cannot be told."""
    try:
        numbers = (block / disk.resolve().name / "stat").read_text(encoding="ascii").split()
        return int(numbers[_WRITTEN]) * SECTOR / MEBIBYTE
    except (OSError, IndexError, ValueError):
        return -1.0


def _has_boot(path: Path, boot_id: str) -> bool:
    """Whether a row of this boot is on the card: its id comes with the first one."""
    try:
        with closing(schema.connect_reading(path)) as connection:
            found = connection.execute("SELECT 1 FROM boot WHERE boot_id = ?", (boot_id,))
            return found.fetchone() is not None
    except (sqlite3.Error, OperatorError):
        return False
