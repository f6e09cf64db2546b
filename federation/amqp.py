"""The source over AMQP 0-9-1 and TLS 1.3: one quorum queue per partition, confirmed by hand.

For a cluster of RabbitMQ (4 or later). Units speak MQTT to it as to any broker; its exchange
`amq.topic` is where both meet: `/` in a topic is `.` in a routing key, and user properties are
headers. A queue is on a majority of nodes before a unit has its PUBACK, and outlives workers.
Knows no ledger. Nothing here rests on retained messages: no queue has any.
"""

import logging
import random
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError

from . import keys
from .backoff import pause
from .config import Broker, Ingest
from .errors import OperatorError
from .source import GROUP_MESSAGES, WAIT_SECONDS, Delivery, gather

EXCHANGE: Final = "amq.topic"
CONNECT_SECONDS = 10.0
KEPT: Final = 24 * 3600 * 1000
"""Milliseconds that a queue keeps a message for a worker that is away; units send again after."""

log = logging.getLogger("ingest")


class Line(ssl.SSLSocket):
    """Is closed when its connection is given up: pika would forget it, open."""

    last: "ClassVar[list[Line]]"
    """The one line of the source whose class this is."""

    def do_handshake(self, block: bool = False) -> None:
        """Raises OSError."""
        self.last[:] = [self]
        super().do_handshake(block)


class AmqpSource:
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
        # It tells each attempt that fails in ten lines; here it is told once.
        logging.getLogger("pika").setLevel(logging.CRITICAL)
        self._channel: BlockingChannel | None = None
        self._lines: list[Line] = []
        self._inbox: list[Delivery] = []
        self._failures, self._next_try = 0, 0.0
        self.connections = 0
        """How many times the broker let it in."""

    def receive(self, now: float) -> Sequence[Delivery]:
        """What arrived together; at most half a second of waiting, longer while it connects."""
        if self._channel is None and not self._connect(now):
            return ()
        gather(self._loop, lambda: len(self._inbox), self._clock)
        group, self._inbox = self._inbox, []
        return group

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hands a message to the broker for whoever listens now; False without a connection.

        `retain` cannot be asked for here: who was not there is told again at its next birth.
        """
        if self._channel is None:
            return False
        # Persistent: as QoS 1 to a unit.
        how = pika.BasicProperties(delivery_mode=2)
        try:
            self._channel.basic_publish(EXCHANGE, routing_key(topic), payload, how)
        except (AMQPError, OSError) as error:
            self._lose(error)
            return False
        return True

    def confirm(self, deliveries: Sequence[Delivery]) -> None:
        """Acknowledged, unless the connection they came by is gone: then they come again."""
        for delivery in deliveries:
            channel, tag = delivery.token or (None, 0)
            if channel is self._channel and self._channel is not None:
                try:
                    self._channel.basic_ack(tag)
                except (AMQPError, OSError) as error:
                    self._lose(error)

    def close(self) -> None:
        """Leaves; the queues keep what comes."""
        channel, self._channel = self._channel, None
        if channel is not None and channel.connection.is_open:
            try:
                channel.connection.close()
            except (AMQPError, OSError):
                return  # it is gone, which was the purpose

    def _loop(self, seconds: float) -> None:
        if self._channel is not None:
            try:
                self._channel.connection.process_data_events(time_limit=seconds)
            except (AMQPError, OSError) as error:
                self._lose(error)

    def _connect(self, now: float) -> bool:
        if now < self._next_try:
            self._wait(min(self._next_try - now, WAIT_SECONDS))
            return False
        self._next_try = now + pause(self._failures, self._dice())
        self._failures += 1
        try:
            self._channel = self._subscribed(pika.BlockingConnection(self._parameters()))
        except (AMQPError, OSError, OperatorError) as error:
            self._lose(error)
            return False
        if self._failures > 1 or self.connections == 0:
            log.info("receiving from %s:%d", self._broker.host, self._broker.port)
        self._failures = 0
        self.connections += 1
        return True

    def _parameters(self) -> pika.ConnectionParameters:
        """With the files as they are now: a certificate that was renewed is used from here on."""
        tls = keys.tls(self._broker)
        tls.sslsocket_class = type("OurLine", (Line,), {"last": self._lines})
        return pika.ConnectionParameters(
            host=self._broker.host,
            port=self._broker.port,
            credentials=pika.credentials.ExternalCredentials(),
            ssl_options=pika.SSLOptions(tls, self._broker.host),
            heartbeat=self._broker.keepalive,
            blocked_connection_timeout=CONNECT_SECONDS,
            socket_timeout=CONNECT_SECONDS,
            stack_timeout=CONNECT_SECONDS,
            client_properties={"connection_name": keys.client_name(self._broker)},
        )

    def _subscribed(self, connection: pika.BlockingConnection) -> BlockingChannel:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=GROUP_MESSAGES)
        for number in self._partitions:
            declare(channel, number)
            channel.basic_consume(queue(number), self._arrived)
        return channel

    def _arrived(self, channel: BlockingChannel, how: Any, properties: Any, body: bytes) -> None:
        told = tuple(
            (str(name), str(value)) for name, value in (properties.headers or {}).items()
            if not str(name).startswith("x-")
        )  # fmt: skip
        token = (channel, how.delivery_tag)
        self._inbox.append(Delivery(topic_of(how.routing_key), bytes(body), told, token))

    def _lose(self, error: Exception) -> None:
        """What came by this connection and is not confirmed comes again by the next one."""
        self._channel, self._inbox = None, []
        while self._lines:
            self._lines.pop().close()
        self._tell(_sentence(error))

    def _tell(self, why: str) -> None:
        if self._failures <= 1:
            log.warning(
                "no broker at %s:%d (%s): trying again", self._broker.host, self._broker.port, why
            )


def queue(partition: int) -> str:
    """The queue of a partition."""
    return f"escale.{partition:02d}"


def routing_key(topic: str) -> str:
    """A topic as the exchange knows it: no topic of ours has a dot of its own."""
    return topic.replace("/", ".")


def topic_of(key: str) -> str:
    """The inverse."""
    return key.replace(".", "/")


def declare(channel: BlockingChannel, partition: int) -> None:
    """Makes the queue of a partition, durable, and binds it; as often as one likes."""
    channel.queue_declare(
        queue(partition),
        durable=True,
        arguments={
            "x-queue-type": "quorum",
            # One worker at a time: a second one waits until the first is gone.
            "x-single-active-consumer": True,
            # A message that killed twenty workers is still somebody's word.
            "x-delivery-limit": -1,
            "x-message-ttl": KEPT,
        },
    )
    channel.queue_bind(queue(partition), EXCHANGE, f"escale.v1.{partition:02d}.*.up.*")


def _sentence(error: Exception) -> str:
    """What went wrong, for a person."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not good: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return f"it does not speak TLS as we do: {cause.reason or cause}"
        cause = cause.__cause__ or cause.__context__
    return str(error).rstrip(".") or type(error).__name__
