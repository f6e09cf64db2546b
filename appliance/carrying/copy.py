"""All that is on board as one parcel, in the very batches that the network would take.

Reads the journals as anybody may, a batch at a time; signs as the unit. Moves no cursor: only a
receipt does. Knows no stick.
"""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from protocol import __version__, batch, parcel, signing
from protocol.batch import Header
from protocol.errors import ProtocolError
from protocol.parcel import Message

from ..clock import BootClock
from ..config import UnitConfig
from ..errors import OperatorError
from ..identity import store
from ..identity.store import Identity
from ..identity.trusted import TrustStore
from ..journal import JournalReader, Span, journals
from ..uplink.anchors import Anchors
from ..uplink.packing import Packed, dated, pack

MOST_ROWS = 500
MOST_BODIES = 96 * 1024
"""Rows and bytes of bodies read for one batch."""


class Copied(NamedTuple):
    """What a copy holds."""

    batches: int
    unread: tuple[str, ...]
    """A sentence for each journal that could not be read to its end."""


def write_to(config: UnitConfig, path: Path | None) -> Copied:
    """Writes the copy to a new file, or to standard output. Raises OperatorError, as `write`."""
    if path is None:
        if sys.stdout.isatty():
            raise OperatorError("a copy is no text: name a file with --out.")
        return write(config, sys.stdout.buffer)
    try:
        with path.open("xb") as file:
            return write(config, file)
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be made ({error.strerror}): name another file."
        ) from error


def write(config: UnitConfig, file: BinaryIO) -> Copied:
    """Writes the copy. Raises OperatorError: a unit without identity or trust, the file's disk."""
    data = config.paths.data
    identity = store.load(data)
    if identity is None:
        raise OperatorError("this unit is not enrolled: nobody could open its copy (escale enrol).")
    recipients, copy = TrustStore(data).trust().recipients(), _Copy(config, identity)
    try:
        count = parcel.write(file, config.unit.id, recipients, copy.messages())
        file.flush()
    except ProtocolError as error:
        raise OperatorError(f"no copy can be sealed: {error}.") from error
    except OSError as error:
        raise OperatorError(f"the copy could not be written ({error.strerror}).") from error
    return Copied(count - 1, tuple(copy.unread))


class _Copy:
    """Goes through the journals once."""

    def __init__(self, config: UnitConfig, identity: Identity) -> None:
        self.unread = list[str]()
        self._unit, self._data, self._identity = config.unit.id, config.paths.data, identity
        clock = BootClock(rate=config.twin.clock_rate)
        self._anchors = Anchors(self._data / "vehicle.db", clock)

    def messages(self) -> Iterator[Message]:
        """The certificate first: whoever reads the copy may never have heard of this unit."""
        yield Message("certificate", self._identity.der)
        for path in journals(self._data):
            try:
                with JournalReader.open(path) as reader:
                    spans = reader.spans
                for span in spans:
                    yield from self._batches(path, span)
            except (OperatorError, sqlite3.DatabaseError) as error:
                self.unread.append(str(error))

    def _batches(self, path: Path, span: Span) -> Iterator[Message]:
        after = span.purged_to
        while after < span.head:
            packed = self._packed(path, span, after)
            ((_, told),) = batch.properties(packed.header)
            context = f"{self._unit} {told}"
            yield Message(
                "batch", signing.sign(self._identity.key, "batch", context, packed.payload), told
            )
            after = packed.header.last

    def _packed(self, path: Path, span: Span, after: int) -> Packed:
        # One step of reading at a time: no owner waits, and no log grows meanwhile.
        with JournalReader.open(path) as reader:
            rows = reader.rows(
                after, epoch=span.epoch, limit_rows=MOST_ROWS, limit_bytes=MOST_BODIES
            )
            previous = reader.digest(after, epoch=span.epoch)

        def header_of(first: int, last: int, before: str) -> Header:
            return Header(
                unit=self._unit,
                journal=span.journal,
                epoch=span.epoch,
                first=first,
                last=last,
                previous=before,
                version=__version__,
            )

        return pack(dated(rows, self._anchors.of), previous, header_of)
