"""The uplink's own writes when the disk takes none: told once it does again, lost never.

What is refused can be done later: cursors move again with the next receipt, documents come
again with the next birth.
"""

from collections.abc import Callable

from protocol.unit import DiskFaulted

from ..errors import JournalRefused
from ..journal import Journal

PAUSE = 10.0
"""Seconds before a disk that refused is troubled again."""


class Disk:
    """Counts what was refused, and tells it in the journal when writing works again."""

    def __init__(self, journal: Journal) -> None:
        self.fault: JournalRefused | None = None
        """The last refusal, until a write succeeds."""
        self._journal = journal
        self._refused = 0
        self._again_at = float("-inf")

    def write(self, action: Callable[[], object], now: float) -> bool:
        """Runs a durable write; False, and nothing was written, when the disk takes none."""
        if now < self._again_at:
            return False
        try:
            self._tell()
            action()
        except JournalRefused as refused:
            self.fault = refused
            self._refused += 1
            self._again_at = now + PAUSE
            return False
        return True

    def _tell(self) -> None:
        if self.fault is not None and self.fault.kind != "too_large":
            told = DiskFaulted(kind=self.fault.kind, process="uplink", refused=self._refused)
            self._journal.append(told)
        self.fault, self._refused = None, 0
