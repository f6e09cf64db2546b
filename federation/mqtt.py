"""The source over MQTT 5: a persistent session with a stable name, confirmed by hand.

It drives paho from the caller's thread and makes a fresh client for each connection, so that
nothing is ever kept in its memory: what was not confirmed, the broker gives again; what could
not be sent is told to the caller. Knows no ledger.
"""

import logging
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from protocol import topics

from .backoff import pause
from .config import Broker, Ingest
from .source import Delivery

SESSION_SECONDS = 24 * 3600
"""How long the broker keeps messages for a worker that is away; units send again after that."""
GROUP_MESSAGES = 200
GROUP_SECONDS = 0.05
"""What arrives together is given together, up to these."""
QUIET_SECONDS = 0.001
"""Silence that ends a group."""
WAIT_SECONDS = 0.5

log = logging.getLogger("ingest")


class MqttSource:
    """The messages of some partitions; reconnects by itself, ever more slowly."""

    def __init__(
        self,
        broker: Broker,
        ingest: Ingest,
        *,
        wait: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._broker, self._partitions = broker, sorted(set(ingest.partitions))
        self._name = f"{ingest.name}-{sum(1 << number for number in self._partitions):04x}"
        self._wait, self._clock, self._dice = wait, clock, dice
        self._client: Client | None = None
        self._inbox: list[Delivery] = []
        self._failures, self._next_try = 0, 0.0
        self.connections = 0
        """How many times the broker said welcome."""

    def receive(self, now: float) -> Sequence[Delivery]:
        """What arrived together; at most half a second of waiting."""
        if self._client is None and not self._connect(now):
            return ()
        self._loop(WAIT_SECONDS)
        end = self._clock() + GROUP_SECONDS
        seen = 0
        while seen < len(self._inbox) < GROUP_MESSAGES and self._clock() < end:
            seen = len(self._inbox)
            self._loop(QUIET_SECONDS)
        group, self._inbox = self._inbox, []
        return group

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hands a message to the broker (QoS 1); False when there is no connection."""
        if self._client is None or not self._client.is_connected():
            return False
        return self._client.publish(topic, payload, qos=1, retain=retain).rc == 0

    def confirm(self, deliveries: Sequence[Delivery]) -> None:
        """PUBACK, unless the connection they came by is gone: then they come again."""
        for delivery in deliveries:
            if delivery.token is not None:
                client, message = delivery.token
                if client is self._client and self._client is not None:
                    self._client.ack(message, 1)

    def close(self) -> None:
        """Leaves; the broker keeps the session."""
        client, self._client = self._client, None
        if client is not None:
            client.disconnect()

    def _connect(self, now: float) -> bool:
        if now < self._next_try:
            self._wait(min(self._next_try - now, WAIT_SECONDS))
            return False
        self._next_try = now + pause(self._failures, self._dice())
        self._failures += 1
        client = self._new_client()
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_SECONDS
        properties.ReceiveMaximum = GROUP_MESSAGES
        try:
            client.connect(
                self._broker.host,
                self._broker.port,
                self._broker.keepalive,
                clean_start=False,
                properties=properties,
            )
        except OSError as error:
            self._tell(str(error))
            return False
        self._client = client
        return True

    def _new_client(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, self._name, protocol=MQTTv5, manual_ack=True)
        client.on_connect = self._welcomed
        client.on_message = self._arrived
        client.on_disconnect = self._parted
        return client

    def _loop(self, seconds: float) -> None:
        if self._client is not None and self._client.loop(seconds) != 0:
            self._client = None
            self._inbox = []

    def _welcomed(
        self, client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            self._tell(str(reason))
            return
        if self._failures > 1 or self.connections == 0:
            log.info("receiving from %s:%d", self._broker.host, self._broker.port)
        self._failures = 0
        self.connections += 1
        client.subscribe([(topics.all_up(number), 1) for number in self._partitions])

    def _arrived(self, client: Client, _data: Any, message: MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", ())
        token = (client, message.mid) if message.qos else None
        self._inbox.append(Delivery(message.topic, bytes(message.payload), tuple(pairs), token))

    def _parted(
        self, client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if client is self._client:
            self._tell(str(reason))

    def _tell(self, why: str) -> None:
        if self._failures <= 1:
            log.warning(
                "no broker at %s:%d (%s): trying again", self._broker.host, self._broker.port, why
            )
