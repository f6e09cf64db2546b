"""Takes messages into the ledger: reads them, believes them or not. Answers nobody.

A message that cannot be read or believed is kept as it came and never disturbs its neighbours.
What is not authentic never moves a watermark, and nothing is owed for it.
"""

import logging
from collections.abc import Iterable

from protocol import batch, signing, topics
from protocol.batch import Batch
from protocol.errors import ProtocolError
from protocol.messages import Link, Status
from protocol.signing import NotAuthentic
from protocol.topics import Address

from . import units, unread
from .ledger import Ledger, Refused
from .signers import Signers
from .source import Delivery
from .unread import Kept

REMEMBERED = 1000
"""Warnings: whoever can invent new ones without end is not told of more than that."""

log = logging.getLogger("ingest")


class Told:
    """Warnings that were given: each once for a unit and a reason."""

    def __init__(self) -> None:
        self._given: set[tuple[str, str]] = set()

    def warn(self, unit: str, reason: str) -> None:
        """Says it, unless that was said already."""
        if (unit, reason) in self._given or len(self._given) >= REMEMBERED:
            return
        self._given.add((unit, reason))
        log.warning("%s: %s", unit, reason)


class Round:
    """The messages of one transaction, and what is owed for them afterwards."""

    def __init__(self, ledger: Ledger, signers: Signers, received: int, told: Told) -> None:
        """`received` in milliseconds since 1970."""
        self._ledger, self._signers = ledger, signers
        self._received, self._warnings = received, told
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
        if address.what == "request":
            return  # for provisioning, which hears it too
        if not self._ledger.is_ours(address.unit):
            # Left in our session from before it moved: unanswered, so the unit sends it again.
            self._warnings.warn(address.unit, "another worker has its partition now")
            return
        self.meet(address.unit)
        try:
            self._read(address, delivery)
        except NotAuthentic as error:
            self._refuse(address.unit, delivery, f"not authentic: {error}")
        except (ProtocolError, Refused) as error:
            self._keep_apart(address.unit, delivery, str(error))

    def meet(self, unit: str) -> None:
        """The ledger has heard of that unit now."""
        if unit in self._met or unit in self._ledger.listed:
            return
        self._met.add(unit)
        if units.meet(self._ledger.database, unit, self._received):
            self._ledger.listed.add(unit)

    def learn(self, unit: str, certificate: bytes) -> None:
        """Takes the certificate of a birth; batches that came before it are read now."""
        try:
            if self._signers.learn(unit, certificate, self._received):
                self.read_again(unread.kept(self._ledger.database, unit))
        except ProtocolError as error:
            self._warnings.warn(unit, f"the certificate of its birth does not count: {error}")

    def introduce(self, unit: str, certificate: bytes) -> bool:
        """Takes the certificate that was carried here; whether that unit is one of ours."""
        self.learn(unit, certificate)
        vouched_for = self._signers.keys(unit, self._received)
        return bool(vouched_for) or units.is_listed(self._ledger.database, unit)

    def read_again(self, waiting: Iterable[Kept]) -> None:
        """Stores batches that were kept, if they can be believed, read and placed now."""
        for number, received, delivery in waiting:
            try:
                address = topics.parse_up(delivery.topic)
                if address.what == "batch":
                    payload = self._believed(address.unit, delivery, received)
                    self._store(address.unit, _decoded(payload))
                    unread.settle(self._ledger.database, number)
            except (ProtocolError, Refused):
                continue

    def prove_day_keys_again(self) -> None:
        """A certificate that counts no more takes along the day key that it vouched for."""
        for unit, status in units.with_day_key(self._ledger.database):
            if self._ledger.is_ours(unit):
                units.note_day_key(self._ledger.database, unit, self._day_key(unit, status))

    def _read(self, address: Address, delivery: Delivery) -> None:
        database, unit = self._ledger.database, address.unit
        if address.what == "batch":
            self._batch(unit, delivery)
        elif address.what == "link":
            link = units.heard_link(database, unit, delivery.payload, self._received)
            if link.online:
                self.owed[unit] = None
                self.born[unit] = link
                self.learn(unit, link.certificate)
        else:
            status = units.heard_status(database, unit, delivery.payload, self._received)
            units.note_day_key(database, unit, self._day_key(unit, status))
            self.told[unit] = status

    def _day_key(self, unit: str, status: Status) -> str | None:
        """The one the unit signed: of the rest of its status, the broker may have made up any."""
        keys, raw = self._signers.keys(unit, self._received), bytes.fromhex(status.day_key)
        try:
            return signing.verify(status.day_proof + raw, "day", unit, keys).hex() or None
        except NotAuthentic:
            return None

    def _batch(self, unit: str, delivery: Delivery) -> None:
        payload = self._believed(unit, delivery, self._received)
        try:
            read = _decoded(payload)
        except ProtocolError as error:
            self.owed[unit] = None
            self._reject(unit, delivery, str(error))
        else:
            self._store(unit, read)

    def _believed(self, unit: str, delivery: Delivery, received: int) -> bytes:
        """What the unit signed, together with the rows that it says it holds."""
        rows = [value for name, value in delivery.properties if name == "rows"]
        if len(rows) != 1:
            raise NotAuthentic("a batch does not tell its rows in one property")
        keys = self._signers.keys(unit, received)
        return signing.verify(delivery.payload, "batch", f"{unit} {rows[0]}", keys)

    def _store(self, unit: str, read: Batch) -> None:
        if read.header.unit != unit:
            raise NotAuthentic(f"a batch of {read.header.unit} came on the topic of {unit}")
        self.owed[unit] = None
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
        self._warnings.warn(delivery.topic, f"a message kept apart: {reason}")
        unread.keep(self._ledger.database, unit, delivery, reason, self._received)

    def _refuse(self, unit: str, delivery: Delivery, reason: str) -> None:
        self._warnings.warn(unit, f"a message kept apart: {reason}")
        if unread.keep(self._ledger.database, unit, delivery, reason, self._received):
            units.sent_a_forgery(self._ledger.database, unit)


def _decoded(payload: bytes) -> Batch:
    """A batch, or ProtocolError: a mistake in our own reading must not stop the other units."""
    try:
        return batch.decode(payload)
    except ProtocolError:
        raise
    except Exception as error:  # the MQTT door: foreign bytes met a bug of ours
        log.exception("a batch could not be read because of a bug")
        raise ProtocolError(f"a bug: {error!r}") from error
