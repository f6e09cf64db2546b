"""One MQTT 5 connection, driven by hand from the caller's thread. Tries nothing twice.

A refused client sees its TLS 1.3 handshake succeed and the line close afterwards: only CONNACK
says that it is in.
"""

import contextlib
import os
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from protocol import closed_keys

SECONDS: Final = 5.0
"""How long the broker may take for one answer."""


class Identity(NamedTuple):
    """What a client shows."""

    key: Ed25519PrivateKey
    chain: str
    """PEM: its certificate, then the authorities'."""


class Word(NamedTuple):
    """A message that arrived."""

    topic: str
    payload: bytes


def context(root: str, identity: Identity | None) -> ssl.SSLContext:
    """TLS 1.3 towards a broker under that root (PEM). The key touches no disk."""
    made = ssl.create_default_context(cadata=root)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    if identity is not None:
        memory = os.memfd_create("identity")
        try:
            os.write(memory, closed_keys.leave_open(identity.key) + identity.chain.encode())
            made.load_cert_chain(f"/proc/self/fd/{memory}")
        finally:
            os.close(memory)
    return made


class Connection:
    """Connects once, as often as it is asked to."""

    def __init__(
        self, host: str, port: int, tls: ssl.SSLContext | None, name: str = "escale"
    ) -> None:
        self._host, self._port = host, port
        self.received: list[Word] = []
        self.refused = False
        """The broker was there, is the right one, and did not want us."""
        self._state: str | None = None
        self._answered: set[int | None] = set()
        client = self.client = Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv5)
        client.connect_timeout = SECONDS
        if tls is not None:
            client.tls_set_context(tls)
        client.on_connect = self._welcomed
        client.on_disconnect = self._parted
        client.on_message = self._arrived
        client.on_publish = lambda _client, _data, mid, *_rest: self._answered.add(mid)
        client.on_subscribe = lambda _client, _data, mid, *_rest: self._answered.add(mid)

    @property
    def up(self) -> bool:
        """Whether the broker said welcome and nothing ended it since."""
        return self._state == ""

    def connect(self) -> str:
        """Empty when the broker let it in, or why not."""
        self._state, self.refused = None, False
        try:
            self.client.connect(self._host, self._port, keepalive=60, clean_start=True)
        except OSError as error:
            return str(error) or type(error).__name__
        self.until(lambda: self._state is not None)
        self.refused = bool(self._state)
        return "no answer" if self._state is None else self._state

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """QoS 1; whether the broker answered, be it with a refusal."""
        message = self.client.publish(topic, payload, qos=1, retain=retain)
        return self.until(lambda: message.mid in self._answered or not self.up) and self.up

    def send(self, topic: str, payload: bytes) -> None:
        """QoS 1, no answer waited for."""
        self.client.publish(topic, payload, qos=1)

    def subscribe(self, *filters: str) -> bool:
        """QoS 1; whether the broker answered, be it with a refusal."""
        _, number = self.client.subscribe([(wanted, 1) for wanted in filters])
        return self.until(lambda: number in self._answered or not self.up) and self.up

    def until(self, so: Callable[[], bool], seconds: float = SECONDS) -> bool:
        """Moves bytes until it is so; False when it did not become so in that time."""
        limit = time.monotonic() + seconds
        while not so() and time.monotonic() < limit:
            self.turn(0.02)
        return so()

    def turn(self, seconds: float) -> None:
        """Moves what there is to move; waits that long for something to arrive."""
        if self.client.loop(seconds) != 0 and self._state in (None, ""):
            self._state = "closed"

    def leave(self) -> None:
        """An orderly goodbye."""
        self.client.disconnect()
        self.until(lambda: not self.up, 1.0)

    def cut(self) -> None:
        """Ends without a word, as when the network goes: the broker then says the last will."""
        line = self.client.socket()
        if isinstance(line, socket.socket):
            with contextlib.suppress(OSError):  # the other end was quicker
                line.shutdown(socket.SHUT_RDWR)
        self.until(lambda: not self.up, 1.0)

    def _welcomed(
        self, _client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        self._state = str(reason) if reason.is_failure else ""

    def _parted(
        self, _client: Client, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        self._state = str(reason)

    def _arrived(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        self.received.append(Word(message.topic, bytes(message.payload)))
