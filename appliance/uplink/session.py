"""One connection to the broker, from CONNECT to its end; then thrown away with all it held.

paho keeps whatever is published while it is not connected and sends it later, on top of what
the journals send again: so nothing is published before CONNACK, and no client is used twice.
Driven by `read` and `wait`, in the caller's thread. Knows no row, receipt or document.
"""

import logging
import select
import socket
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ..config import Broker
from .backoff import Cause

log = logging.getLogger(__name__)

MOST_UNCONFIRMED = 20
"""Messages without a PUBACK, however many the broker would take."""
CONNECT_WITHIN = 4.0
"""Seconds that a connection attempt may block the loop: far less than the watchdog allows."""
ANSWER_WITHIN = 20.0
"""Seconds for the CONNACK."""
CONFIRM_WITHIN = 180.0
"""Seconds for a PUBACK: a bad link may take one minute, a sick broker takes for ever."""
CONGESTION = b"bbr"
"""A radio link loses packets without being full: BBR does not take the one for the other, and
brings 12 times as much over a link that loses 40 % (benchmarks/link.py)."""
OVERHEAD = 256
"""Bytes of a packet beside its payload: topic and properties, generously."""

_NOBODY = 0x10
"""PUBACK: the broker has it, and no one to give it to."""


class NotReached(Exception):
    """There is no connection, and why."""

    def __init__(self, cause: Cause, why: str) -> None:
        self.cause = cause
        super().__init__(why)


class Session:
    """Ask `connected` before anything; once `ended` says why, let it go."""

    def __init__(
        self,
        broker: Broker,
        *,
        unit: str,
        subscribe: str,
        will: tuple[str, bytes],
        receive: Callable[[str, bytes], None],
        crossed: Callable[[Hashable], None],
        now: float,
    ) -> None:
        """Connects. `receive` gets (topic, payload); `crossed` the mark of what the broker has.

        Raises NotReached when the broker cannot be reached at all; blocks CONNECT_WITHIN for
        each address of the host at the most.
        """
        self.connected = False
        self.ended: NotReached | None = None
        self.unheard = False
        """The broker had nobody to give our last message to."""
        self.largest = 64 * 1024 - OVERHEAD
        """Bytes of payload that the broker takes."""
        self._receive, self._crossed, self._subscribe = receive, crossed, subscribe
        self._most = MOST_UNCONFIRMED
        self._marks: dict[int, tuple[float, Hashable]] = {}
        self._now = now
        self._asked_at = now
        self._client = self._new_client(unit, will)
        try:
            self._client.connect(
                broker.host, broker.port, keepalive=broker.keepalive, clean_start=True
            )
        except OSError as error:
            raise _not_reached(error, broker) from error

    @property
    def room(self) -> int:
        """How many messages may be published now: never more than the broker's ReceiveMaximum."""
        return max(self._most - len(self._marks), 0) if self.connected else 0

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        mark: Hashable,
        retain: bool = False,
        content_type: str = "",
        properties: Sequence[tuple[str, str]] = (),
    ) -> bool:
        """Hands over one message at QoS 1; False, and nothing is kept, when there is no room."""
        if not self.room:
            return False
        told = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if content_type:
            told.ContentType = content_type
        if properties:
            told.UserProperty = list(properties)
        given = self._client.publish(topic, payload, qos=1, retain=retain, properties=told)
        if given.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            self._end(Cause.SILENCE, f"the connection broke ({given.rc.name})")
            return False
        self._marks[given.mid] = (self._now, mark)
        return True

    def read(self, now: float) -> None:
        """Deal with whatever has come and send whatever can leave, without waiting."""
        self._now = now
        readable, writable = self._ready(0.0)
        if readable:
            self._client.loop_read()
        if writable:
            self._client.loop_write()
        if not self.ended:
            self._client.loop_misc()
        oldest = next(iter(self._marks.values()), (now, None))[0]
        if not self.connected and now - self._asked_at > ANSWER_WITHIN:
            self._end(Cause.SILENCE, "the broker did not answer")
        elif now - oldest > CONFIRM_WITHIN:
            self._end(Cause.SILENCE, "the broker confirms nothing")

    def wait(self, seconds: float) -> None:
        """Sleep until there is something to read, or that long at the most."""
        self._ready(seconds)

    def _ready(self, seconds: float) -> tuple[bool, bool]:
        line = self._client.socket()
        if self.ended or line is None:
            return False, False
        writing = [line] if self._client.want_write() else []
        readable, writable, _ = select.select([line], writing, [], max(seconds, 0.0))
        return bool(readable), bool(writable)

    def close(self) -> None:
        """An orderly end: the broker publishes the last will, as it would after a bad one."""
        if self.connected and not self.ended:
            said = ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message")
            self._client.disconnect(reasoncode=said)
        self._end(Cause.NO_ROUTE, "closed")

    def _new_client(self, unit: str, will: tuple[str, bytes]) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=unit, protocol=mqtt.MQTTv5)
        client.connect_timeout = CONNECT_WITHIN
        # We count ourselves; paho's own count walks everything in flight at each PUBACK.
        client.max_inflight_messages_set(0)
        client.will_set(*will, qos=1, retain=True)
        client.on_socket_open = _tuned
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(
        self, client: mqtt.Client, _: Any, _flags: Any, code: ReasonCode, told: Properties | None
    ) -> None:
        if code.is_failure:
            self._end(Cause.BROKER, f"the broker refuses this unit ({code})")
            return
        self._most = min(getattr(told, "ReceiveMaximum", MOST_UNCONFIRMED), MOST_UNCONFIRMED)
        self.largest = min(self.largest, getattr(told, "MaximumPacketSize", 2**28) - OVERHEAD)
        client.subscribe(self._subscribe, qos=1)

    def _on_subscribe(
        self, _client: mqtt.Client, _: Any, _mid: int, codes: list[ReasonCode], _told: Any
    ) -> None:
        if any(code.is_failure for code in codes):
            self._end(Cause.BROKER, f"the broker lets this unit hear nothing ({codes[0]})")
            return
        # Not before: a receipt given to nobody would be lost.
        self.connected = self.ended is None

    def _on_publish(
        self, _client: mqtt.Client, _: Any, mid: int, code: ReasonCode, _told: Any
    ) -> None:
        _, mark = self._marks.pop(mid, (0.0, None))
        if code.is_failure:
            self._end(Cause.BROKER, f"the broker refuses what this unit sends ({code})")
        elif mark is not None:
            self.unheard = code.value == _NOBODY
            self._crossed(mark)

    def _on_message(self, _client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        try:
            self._receive(message.topic, bytes(message.payload))
        except Exception:
            # One of the three doors: no message from outside may end the uplink, or a retained
            # one would end it for ever.
            log.exception("a message could not be dealt with")

    def _on_disconnect(
        self,
        _client: mqtt.Client,
        _: Any,
        flags: mqtt.DisconnectFlags,
        code: ReasonCode,
        _told: Any,
    ) -> None:
        if flags.is_disconnect_packet_from_server:
            self._end(Cause.BROKER, f"the broker hung up ({code})")
        elif code == "Keep alive timeout":
            self._end(Cause.SILENCE, "the broker fell silent")
        else:
            self._end(Cause.BROKER, f"the connection broke ({code})")

    def _end(self, cause: Cause, why: str) -> None:
        self.ended = self.ended or NotReached(cause, why)
        self.connected = False
        line = self._client.socket()
        if line is not None:
            line.close()


def _tuned(_client: mqtt.Client, _: Any, line: Any) -> None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError):
        # Kernels that do not offer it go on with what they have.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, CONGESTION)


def _not_reached(error: OSError, broker: Broker) -> NotReached:
    where = f"{broker.host}:{broker.port}"
    if isinstance(error, ConnectionRefusedError):
        return NotReached(Cause.BROKER, f"nothing answers at {where}")
    if isinstance(error, TimeoutError):
        return NotReached(Cause.SILENCE, f"no answer from {where}")
    return NotReached(Cause.NO_ROUTE, f"no way to {where} ({error.strerror or error})")
