"""A federation of one unit in a hundred lines, to be slow, silent, forgetful or lying on demand.

Believes no batch that the certificate in the unit's birth does not prove; signs what it says.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from protocol import batch, certificates, messages, signing, topics
from protocol.errors import ProtocolError
from protocol.messages import Document, Link, Receipt, Status, Stored
from protocol.row import Row, Tombstone
from protocol.signing import Keys, NotAuthentic
from tests.support import Mosquitto
from tests.trusted import Trusted


class SmallLedger:
    """Keeps rows by (epoch, seq) in memory; answers with whole-state receipts."""

    def __init__(self, broker: Mosquitto, trusted: Trusted, unit: str = "van-germaine") -> None:
        self.unit, self.trusted = unit, trusted
        self.keys: Keys = {}
        """Of the certificate in the last birth."""
        self.unproved: list[str] = []
        self.rows: dict[tuple[int, int], Row | Tombstone] = {}
        self.forks: dict[int, int] = {}
        self.arrived: list[batch.Header] = []
        self.sizes: list[int] = []
        self.unread: list[str] = []
        self.links: list[Link] = []
        self.statuses: list[Status] = []
        self.answering = True
        self.mangle: Callable[[Receipt], Receipt] = lambda receipt: receipt
        self._lock = threading.RLock()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id="service-ledger", protocol=mqtt.MQTTv5
        )
        self._client.tls_set_context(trusted.tls(broker.folder, "service-ledger"))
        self._client.on_connect = lambda client, *_: client.subscribe(
            topics.all_up(topics.partition(unit)), qos=1
        )
        self._client.on_message = self._on_message
        self._client.reconnect_delay_set(1, 1)
        session = Properties(PacketTypes.CONNECT)
        session.SessionExpiryInterval = 3600
        self._client.connect(broker.host, broker.port, clean_start=False, properties=session)
        self._client.loop_start()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def stored_to(self, epoch: int) -> int:
        """The contiguous watermark."""
        seq = 0
        while (epoch, seq + 1) in self.rows:
            seq += 1
        return seq

    def receipt(self) -> Receipt:
        with self._lock:
            return Receipt(
                epochs={str(epoch): self._stored(epoch) for epoch in {key[0] for key in self.rows}}
            )

    def answer(self, receipt: Receipt | None = None) -> None:
        """Sends a receipt, honest unless told otherwise."""
        receipt = self.mangle(self.receipt()) if receipt is None else receipt
        self.say("receipt", self.signed(messages.encode(receipt)))

    def signed(self, receipt: bytes) -> bytes:
        """As the federation signs a receipt of this unit."""
        return signing.sign(self.trusted.receipts, "receipt", self.unit, receipt)

    def say(self, what: str, payload: bytes) -> None:
        self._client.publish(topics.down(self.unit, what), payload, qos=1)

    def publish(self, kind: str, revision: int, body: dict[str, Any]) -> None:
        document = Document(kind=kind, revision=revision, unit=self.unit, body=body)
        context, payload = f"{self.unit} {kind}", messages.encode(document)
        message = signing.sign(self.trusted.documents, "document", context, payload)
        self.say(f"document/{kind}", message)

    def bodies(self, epoch: int) -> list[bytes]:
        """What it holds of an epoch, in order."""
        with self._lock:
            rows = [row for key, row in sorted(self.rows.items()) if key[0] == epoch]
        return [row.body if isinstance(row, Row) else b"" for row in rows]

    def _stored(self, epoch: int) -> Stored:
        stored_to = self.stored_to(epoch)
        digest = self.rows[epoch, stored_to].digest.hex() if stored_to else ""
        return Stored(stored_to=stored_to, digest=digest, fork_at=self.forks.get(epoch))

    def _on_message(self, _client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        with self._lock:
            what = topics.parse_up(message.topic).what
            if what == "link":
                self.links.append(messages.decode(message.payload, Link))
                if not self.links[-1].online:
                    return
                self._meet(self.links[-1].certificate)
            elif what == "status":
                self.statuses.append(messages.decode(message.payload, Status))
                return
            elif what == "batch":
                self._take(message)
            if self.answering:
                self.answer()

    def _meet(self, certificate: bytes) -> None:
        leaf, devices = certificates.read(certificate), self.trusted.devices.certificate
        key = certificates.check(leaf, devices, name=self.unit, now=datetime.now(UTC))
        self.keys = signing.keyed(key)

    def _take(self, message: mqtt.MQTTMessage) -> None:
        self.sizes.append(len(message.payload))
        context = f"{self.unit} {dict(message.properties.UserProperty)['rows']}"
        try:
            read = batch.decode(signing.verify(message.payload, "batch", context, self.keys))
        except NotAuthentic as error:
            self.unproved.append(str(error))
            return
        except ProtocolError as error:
            self.unread.append(str(error))
            return
        claimed = batch.parse_properties(message.properties.UserProperty)
        assert claimed[1:] == (read.header.epoch, read.header.first, read.header.last)
        self.arrived.append(read.header)
        for row in read.rows:
            key = (read.header.epoch, row.seq)
            known = self.rows.setdefault(key, row)
            if known.digest != row.digest:
                self.forks.setdefault(read.header.epoch, row.seq)
                return
