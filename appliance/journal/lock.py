"""One writer per journal file, one keeper per unit. Refuses a second one and never waits.

The lock is on a file beside the journal, and a flock: SQLite's own locks on the journal are of
another kind, and closing any other descriptor of that file would drop them.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from ..errors import OperatorError

TWO_WRITERS = (
    "{path} is already being written by process {holder}: "
    "stop that one first, a journal has one writer."
)


class WriterLock:
    """Held from `take` until `release`, or until the process dies."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, journal: Path, sentence: str = TWO_WRITERS) -> "WriterLock":
        """Raises OperatorError when another process writes this journal, OSError as a file does.

        `sentence`: what is said then, with its {path} and {holder}.
        """
        path = journal.with_suffix(".lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            told = sentence.format(path=journal, holder=holder or "(unknown)")
            raise OperatorError(told) from None
        _tell(descriptor)
        return cls(descriptor)

    def release(self) -> None:
        """May be called twice. The file stays: removing it would let two writers in."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _tell(descriptor: int) -> None:
    with suppress(PermissionError):  # made by another user of the group, who did this
        os.fchmod(descriptor, 0o660)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, b"%d\n" % os.getpid())
    except OSError:
        return  # a full disk: the number is only there for the sentence above
