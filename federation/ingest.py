"""Ingest: messages → ledger, one transaction → receipts, documents, and only then PUBACK.

One loop around `step(now)`. A message that cannot be read or believed is kept as it came and
never disturbs its neighbours.
"""

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from protocol import batch, messages, topics
from protocol.errors import ProtocolError
from protocol.messages import Link, Status
from protocol.topics import Address

from . import outbox, units, unread
from .errors import OperatorError
from .ledger import Ledger, Refused
from .outbox import Outgoing
from .postman import Postman
from .source import Delivery, Source

OUTBOX_SECONDS = 1.0
OUTBOX_PAUSE = 30.0
"""Seconds until an outbox that could not be read is tried again."""

log = logging.getLogger("ingest")


class Ingest:
    """The one writer of the ledger, at work."""

    def __init__(
        self, ledger: Ledger, source: Source, outbox_path: Path, *, utc: Callable[[], int]
    ) -> None:
        self._ledger, self._source = ledger, source
        self._outbox, self._outbox_seen, self._outbox_due = outbox_path, 0, 0.0
        self._outbox_fault = ""
        self._postman = Postman()
        self._utc = utc
        self._read_again()

    def step(self, now: float) -> None:
        """Receives what came together, stores it, answers it. Raises OperatorError."""
        self._read_outbox(now)
        deliveries = self._source.receive(now)
        if not deliveries:
            return
        round_ = _Round(self._ledger, self._utc())
        with self._ledger.transaction():
            for delivery in deliveries:
                round_.take(delivery)
            receipts = [(unit, self._ledger.receipt(unit)) for unit in round_.owed]
        for unit, receipt in receipts:
            self._source.send(topics.down(unit, "receipt"), messages.encode(receipt))
        for unit, link in round_.born.items():
            self._send(self._postman.born(unit, link.documents))
        for unit, status in round_.told.items():
            self._send(self._postman.told(unit, status.documents))
        self._source.confirm(deliveries)

    def close(self) -> None:
        """Leaves the broker and lets the next writer in."""
        self._source.close()
        self._ledger.close()

    def _read_again(self) -> None:
        """What older software could not read may be readable now."""
        with self._ledger.transaction():
            for number, delivery in unread.kept(self._ledger.database):
                if _Round(self._ledger, self._utc()).read_again(delivery):
                    unread.settle(self._ledger.database, number)

    def _read_outbox(self, now: float) -> None:
        if now < self._outbox_due:
            return
        try:
            items = list(outbox.latest(self._outbox, self._outbox_seen))
        except OperatorError as error:
            # Documents wait for a person; facts do not.
            self._outbox_due = now + OUTBOX_PAUSE
            self._tell_outbox(str(error))
            return
        self._outbox_due = now + OUTBOX_SECONDS
        self._tell_outbox("")
        if items:
            self._outbox_seen = items[-1].id
            self._send(self._postman.written(items))

    def _tell_outbox(self, fault: str) -> None:
        """Says it once, however often it is met, and once when it is over."""
        if fault and fault != self._outbox_fault:
            log.warning("no document is sent: %s", fault)
        elif self._outbox_fault and not fault:
            log.info("documents are sent again")
        self._outbox_fault = fault

    def _send(self, items: Iterable[Outgoing]) -> None:
        for item in items:
            topic = topics.down(item.unit, f"document/{item.kind}")
            self._source.send(topic, item.payload(), retain=True)


class _Round:
    """The messages of one transaction, and what is owed for them afterwards."""

    def __init__(self, ledger: Ledger, received: int) -> None:
        self._ledger, self._received = ledger, received
        self.owed: dict[str, None] = {}
        """Units that get a receipt, each once."""
        self.born: dict[str, Link] = {}
        self.told: dict[str, Status] = {}
        self._met: set[str] = set()

    def take(self, delivery: Delivery) -> None:
        """Stores one message, or keeps it for a person to look at."""
        try:
            address = topics.parse_up(delivery.topic)
        except ProtocolError as error:
            self._keep_apart("", delivery, str(error))
            return
        if address.unit not in self._met:
            self._met.add(address.unit)
            units.meet(self._ledger.database, address.unit, self._received)
        try:
            self._read(address, delivery)
        except (ProtocolError, Refused) as error:
            self._keep_apart(address.unit, delivery, str(error))

    def read_again(self, delivery: Delivery) -> bool:
        """Stores a batch that was kept, if it can be read and placed now."""
        try:
            address = topics.parse_up(delivery.topic)
            if address.what != "batch":
                return False
            self._store(address.unit, _decoded(delivery.payload))
        except (ProtocolError, Refused):
            return False
        return True

    def _read(self, address: Address, delivery: Delivery) -> None:
        database, unit = self._ledger.database, address.unit
        if address.what == "batch":
            self._batch(unit, delivery)
        elif address.what == "link":
            link = units.heard_link(database, unit, delivery.payload, self._received)
            if link.online:
                self.owed[unit] = None
                self.born[unit] = link
        elif address.what == "status":
            self.told[unit] = units.heard_status(database, unit, delivery.payload, self._received)
        else:
            raise ProtocolError(f"nothing here answers {address.what} yet")

    def _batch(self, unit: str, delivery: Delivery) -> None:
        self.owed[unit] = None
        try:
            read = _decoded(delivery.payload)
        except ProtocolError as error:
            self._reject(unit, delivery, str(error))
            return
        self._store(unit, read)

    def _store(self, unit: str, read: batch.Batch) -> None:
        if read.header.unit != unit:
            raise ProtocolError(f"a batch of {read.header.unit} came on the topic of {unit}")
        self._ledger.store(read, self._received)

    def _reject(self, unit: str, delivery: Delivery, reason: str) -> None:
        """An unreadable batch: its range counts as stored when it tells one."""
        claimed = batch.parse_properties(delivery.properties)
        self._ledger.reject(unit, claimed)
        log.warning(
            "%s: rows %d to %d kept as bytes: %s", unit, claimed.first, claimed.last, reason
        )
        unread.keep(self._ledger.database, unit, delivery, reason, self._received, claimed)

    def _keep_apart(self, unit: str, delivery: Delivery, reason: str) -> None:
        log.warning("%s: a message kept apart: %s", delivery.topic, reason)
        unread.keep(self._ledger.database, unit, delivery, reason, self._received)


def _decoded(payload: bytes) -> batch.Batch:
    """A batch, or ProtocolError: a mistake in our own reading must not stop the other units."""
    try:
        return batch.decode(payload)
    except ProtocolError:
        raise
    except Exception as error:  # the MQTT door: foreign bytes met a bug of ours
        log.exception("a batch could not be read because of a bug")
        raise ProtocolError(f"a bug: {error!r}") from error
