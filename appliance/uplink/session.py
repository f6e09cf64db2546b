"""One connection to the broker, from the handshake to its end; then thrown away with all it held.

paho keeps whatever is published while it is not connected and sends it later, on top of what
the journals send again: so nothing is published before CONNACK, and no client is used twice.
Driven by `read` and `wait`, in the caller's thread. Knows no row, receipt or document.
"""

import logging
import select
import ssl
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from ..config import Broker
from .backoff import Cause
from .client import new_client, told_with
from .trouble import NotReached, hung_up, not_agreed, not_reached
from .wire import Wire

log = logging.getLogger(__name__)

MOST_UNCONFIRMED = 20
"""Messages without a PUBACK, however many the broker would take."""
ANSWER_WITHIN = 20.0
"""Seconds for the handshake and the CONNACK."""
CONFIRM_WITHIN = 180.0
"""Seconds for a PUBACK: a bad link may take one minute, a sick broker takes for ever."""
OVERHEAD = 256
"""Bytes of a packet beside its payload: topic and properties, generously."""

_NOBODY = 0x10
"""PUBACK: the broker has it, and no one to give it to."""


class Session:
    """Ask `connected` before anything; once `ended` says why, let it go."""

    def __init__(
        self,
        broker: Broker,
        tls: ssl.SSLContext,
        *,
        name: str,
        subscribe: str,
        will: tuple[str, bytes] | None,
        receive: Callable[[str, bytes], None],
        crossed: Callable[[Hashable], None],
        now: float,
    ) -> None:
        """Connects. `receive` gets (topic, payload); `crossed` the mark of what the broker has.

        `tls` is for this session alone; `name` is the one in its certificate. Raises NotReached
        when the broker cannot be reached at all; blocks CONNECT_WITHIN (client.py) for each
        address of the host at the most, and never in the handshake.
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
        self._broker = broker
        self._wire: Wire | None = None
        self._answered = False
        self._client = self._listen(new_client(tls, name, will))
        try:
            self._client.connect(
                broker.host, broker.port, keepalive=broker.keepalive, clean_start=True
            )
        except OSError as error:
            raise not_reached(error, broker) from error
        if self._wire is not None:
            self._shake(self._wire)

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
        told = told_with(content_type, properties)
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
        if self._wire is not None and not self._wire.shaken:
            self._shake(self._wire)
        else:
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

    @property
    def watched(self) -> tuple[int, int] | None:
        """Descriptor and poll events to wake it at, for whoever waits for many; None: never."""
        wire = self._wire
        if self.ended or wire is None or wire.fileno() < 0:
            return None
        writes = self._client.want_write() if wire.shaken else wire.wants_to_write
        if writes and not wire.shaken:
            return wire.fileno(), select.POLLOUT
        return wire.fileno(), select.POLLIN | (select.POLLOUT if writes else 0)

    @property
    def waiting(self) -> bool:
        """Whether something lies deciphered that no descriptor tells of."""
        return self._wire is not None and self._wire.waiting

    def _ready(self, seconds: float) -> tuple[bool, bool]:
        watched, waiting = self.watched, self.waiting
        if watched is None:
            return False, False
        # Not `select`, which knows no descriptor above 1023: one process may drive many units.
        poll = select.poll()
        poll.register(*watched)
        told = sum(event for _, event in poll.poll(0.0 if waiting else max(seconds, 0.0) * 1000))
        return bool(told & ~select.POLLOUT) or waiting, bool(told & select.POLLOUT)

    def _shake(self, wire: Wire) -> None:
        try:
            wire.shake()
        except OSError as error:
            self._give_up(not_agreed(error, self._broker))

    def close(self) -> None:
        """An orderly end: the broker publishes the last will, as it would after a bad one."""
        if self.connected and not self.ended:
            said = ReasonCode(PacketTypes.DISCONNECT, "Disconnect with will message")
            self._client.disconnect(reasoncode=said)
        self._end(Cause.NO_ROUTE, "closed")

    def _listen(self, client: mqtt.Client) -> mqtt.Client:
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        return client

    def _on_socket_open(self, _client: mqtt.Client, _: Any, line: Any) -> None:
        self._wire = line
        line.tune()

    def _on_connect(
        self, client: mqtt.Client, _: Any, _flags: Any, code: ReasonCode, told: Properties | None
    ) -> None:
        if code.is_failure:
            why = f"the broker refuses this unit ({code})"
            self._give_up(NotReached(Cause.BROKER, why, unwelcome=True))
            return
        self._answered = True
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
            fault = self._wire.fault if self._wire else None
            self._give_up(hung_up(fault, answered=self._answered, code=str(code)))

    def _end(self, cause: Cause, why: str) -> None:
        self._give_up(NotReached(cause, why))

    def _give_up(self, why: NotReached) -> None:
        self.ended = self.ended or why
        self.connected = False
        if self._wire is not None:
            self._wire.close()
