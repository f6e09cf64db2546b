"""The source over MQTT 5 and TLS 1.3: a persistent session, confirmed by hand.

The broker knows the session by the name in our certificate. paho is driven from the caller's
thread, with a fresh client for each connection, so that nothing is ever kept in its memory: what
was not confirmed, the broker gives again; what could not be sent is told to the caller. Knows no
ledger.
"""

import logging
import random
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from protocol import topics
from protocol.topics import PARTITIONS

from . import keys
from .backoff import pause
from .config import Broker, Ingest
from .errors import OperatorError
from .source import GROUP_MESSAGES, WAIT_SECONDS, Delivery, gather

SESSION_SECONDS = 24 * 3600
"""How long the broker keeps messages for a worker that is away; units send again after that."""
HUNG_UP = (
    "it hung up before it said welcome; it may refuse this certificate: out of date, revoked, or "
    "of another authority"
)

log = logging.getLogger("ingest")


class Line(ssl.SSLSocket):
    """Is closed when its handshake fails: paho would forget it, open."""

    def do_handshake(self, block: bool = False) -> None:
        """Raises OSError."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


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
        self._wait, self._clock, self._dice = wait, clock, dice
        self._client: Client | None = None
        self._answered = False
        self._inbox: list[Delivery] = []
        self._failures, self._next_try = 0, 0.0
        self.connections = 0
        """How many times the broker said welcome."""

    def receive(self, now: float) -> Sequence[Delivery]:
        """What arrived together; at most half a second of waiting, longer while it connects."""
        if self._client is None and not self._connect(now):
            return ()
        gather(self._loop, lambda: len(self._inbox), self._clock)
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
        self._answered = False
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_SECONDS
        properties.ReceiveMaximum = GROUP_MESSAGES
        try:
            self._client = self._new_client()
            self._client.connect(
                self._broker.host,
                self._broker.port,
                self._broker.keepalive,
                clean_start=False,
                properties=properties,
            )
        except (OSError, OperatorError) as error:
            self._client = None
            self._tell(_sentence(error))
            return False
        return True

    def _new_client(self) -> Client:
        """With the files as they are now: a certificate that was renewed is used from here on."""
        name = keys.client_name(self._broker)
        client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv5, manual_ack=True)
        tls = keys.tls(self._broker)
        tls.sslsocket_class = Line
        client.tls_set_context(tls)
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
        self._answered = True
        if reason.is_failure:
            self._tell(str(reason))
            return
        if self._failures > 1 or self.connections == 0:
            log.info("receiving from %s:%d", self._broker.host, self._broker.port)
        self._failures = 0
        self.connections += 1
        client.subscribe([(topics.all_up(number), 1) for number in self._partitions])
        # The session may be from a day when this worker had others too.
        others = sorted(set(range(PARTITIONS)) - set(self._partitions))
        if others:
            client.unsubscribe([topics.all_up(number) for number in others])

    def _arrived(self, client: Client, _data: Any, message: MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", ())
        token = (client, message.mid) if message.qos else None
        self._inbox.append(Delivery(message.topic, bytes(message.payload), tuple(pairs), token))

    def _parted(
        self, client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if client is self._client:
            self._tell(str(reason) if self._answered else HUNG_UP)

    def _tell(self, why: str) -> None:
        if self._failures <= 1:
            log.warning(
                "no broker at %s:%d (%s): trying again", self._broker.host, self._broker.port, why
            )


def _sentence(error: OSError | OperatorError) -> str:
    """What went wrong in connecting, for a person."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not good: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"it does not speak TLS as we do: {error.reason or error}"
    return str(error).rstrip(".")
