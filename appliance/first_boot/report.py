"""What a first boot says of itself: a file of the moment for the screen, a log for technicians."""

import logging
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from .. import runtime
from ..errors import OperatorError

NAME = "first-boot"

log = logging.getLogger(NAME)


class Report(msgspec.Struct, kw_only=True):
    """/run/escale/first-boot.json."""

    run: Path
    data: str = "absent"
    """Of the data partition: good, repaired, made, lost, absent."""
    grown: bool = False
    """Whether this boot made it larger."""
    size: int = 0
    """Its bytes."""
    machine: str = ""
    unit: str = ""
    """Who the card is; empty: nothing could be kept."""
    by_hand: bool = False
    """Whether no bundle told who it is, but somebody who wrote its file."""
    wrong: str = ""
    """What is wrong with the files that look like bundles (choosing.Wrong)."""
    about: tuple[str, ...] = ()
    """Their names."""
    connections: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    """What else did not work, a sentence each."""

    @classmethod
    def read(cls, run: Path) -> "Report":
        """What this boot said so far. Others may write in that folder: what is odd is not read."""
        told = runtime.read(run, NAME, max_age=math.inf) or {}
        try:
            return msgspec.convert({**told, "run": str(run)}, cls, dec_hook=_path)
        except msgspec.ValidationError:
            return cls(run=run)

    def publish(self) -> None:
        """For whoever shows it."""
        told = msgspec.structs.asdict(self)
        del told["run"]
        runtime.publish(self.run, NAME, told)

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """A step that may fail: it is told, and the next one's turn comes."""
        try:
            yield
        except OperatorError as error:
            log.error("%s", error)
            self.faults = (*self.faults, str(error))
        except OSError as error:
            log.error("%s", error)
            self.faults = (*self.faults, f"{error.filename or 'the card'}: {error.strerror}")


def _path(kind: type, value: object) -> object:
    return kind(value)
