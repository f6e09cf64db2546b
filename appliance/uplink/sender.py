"""Fills the window: from the lanes' journals into messages of a session. Waits for nothing."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import __version__, batch, signing, topics
from protocol.batch import CONTENT_TYPE, Header

from ..errors import JournalRefused, OperatorError
from .anchors import Anchors
from .cursors import Memory, Quarantined
from .lanes import Lane, Readers
from .pace import Pace
from .packing import Grave, HeldBack, Packed, Told, dated, pack
from .rota import next_turn
from .session import Session

MOST_BODIES = 96 * 1024
"""Bytes of bodies read for one batch: more would not fit, whatever they are."""


class Mark(NamedTuple):
    """What a PUBACK is the answer to."""

    epoch: int
    first: int
    last: int


class Sender:
    """Gives each lane its turn while the session has room."""

    def __init__(self, unit: str, memory: Memory, anchors: Anchors, pace: Pace) -> None:
        self.faults: dict[int, str] = {}
        """Epoch → what keeps it from leaving just now."""
        self.rows = 0
        """Rows sent since the start, those sent again included."""
        self.key: Ed25519PrivateKey | None = None
        """Signs what is sent: that of the certificate in this connection's birth."""
        self._unit, self._memory, self._anchors, self._pace = unit, memory, anchors, pace
        self._topic = topics.up(unit, "batch")

    def fill(self, lanes: Iterable[Lane], session: Session, readers: Readers, now: float) -> None:
        """Sends what the window, the broker and the journals allow."""
        ready = [(lane, lane.window) for lane in lanes if lane.waiting]
        while session.room and ready:
            lane = next_turn(ready)
            if lane is None:
                return
            if not self._send(lane, session, readers, now) or not lane.waiting:
                ready = [turn for turn in ready if turn[0] is not lane]

    def _send(self, lane: Lane, session: Session, readers: Readers, now: float) -> bool:
        epoch = lane.span.epoch
        try:
            packed = self._next_batch(lane, session.largest, readers)
            if packed is None:
                return False
            self._note(lane, packed.graves)
        except (OperatorError, JournalRefused, sqlite3.DatabaseError, HeldBack) as error:
            self.faults[epoch] = str(error)
            return False
        self.faults.pop(epoch, None)
        header = packed.header
        properties = batch.properties(header)
        message = self._signed(packed.payload, properties)
        if not session.publish(
            self._topic,
            message,
            mark=Mark(epoch, header.first, header.last),
            content_type=CONTENT_TYPE,
            properties=properties,
        ):
            return False
        lane.window.sent(header.first, header.last, len(message), now)
        lane.ends[header.last] = packed.digest
        self.rows += header.last - header.first + 1
        return True

    def _signed(self, payload: bytes, properties: list[tuple[str, str]]) -> bytes:
        if self.key is None:
            raise RuntimeError("a batch is about to leave unsigned")
        ((_, rows),) = properties
        return signing.sign(self.key, "batch", f"{self._unit} {rows}", payload)

    def _next_batch(self, lane: Lane, largest: int, readers: Readers) -> Packed | None:
        rows, previous = self._rows(lane, readers)
        if not rows:
            return None

        def header_of(first: int, last: int, before: str) -> Header:
            return Header(
                unit=self._unit,
                journal=lane.span.journal,
                epoch=lane.span.epoch,
                first=first,
                last=last,
                previous=before,
                version=__version__,
            )

        return pack(dated(rows, self._anchors.of), previous, header_of, largest)

    def _rows(self, lane: Lane, readers: Readers) -> tuple[list[Told], bytes | None]:
        """The next rows of a lane and the digest before them."""
        reader, epoch = readers.of(lane.path), lane.span.epoch
        if epoch not in reader.epochs:
            return [], None
        lane.span = reader.span(epoch)
        after = lane.window.next - 1
        rows = reader.rows(after, epoch=epoch, limit_rows=self._pace.rows, limit_bytes=MOST_BODIES)
        return rows, lane.ends.get(after) or reader.digest(after, epoch=epoch)

    def _note(self, lane: Lane, graves: list[Grave]) -> None:
        """List what goes as a tombstone before it goes. Raises JournalRefused."""
        if graves:
            self._memory.quarantine(
                Quarantined(lane.span.epoch, row.seq, lane.span.journal, row.type, row.size, reason)
                for row, reason in graves
            )
