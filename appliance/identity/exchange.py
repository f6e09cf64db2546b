"""The line on which a unit without a certificate asks for one, as its bootstrap certificate.

One connection at a time, driven by `step(now)`, which may block CONNECT_WITHIN for each address
of the broker. What is asked, and what is believed, is decided in `enrolling.py`.
"""

import random
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from protocol import certificates, topics

from ..config import Broker
from ..errors import OperatorError
from . import store
from .enrolling import Enrolment, State

CONNECT_WITHIN: Final = 4.0
KEEPALIVE: Final = 30
"""Seconds."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 120.0
"""Seconds between two attempts to connect: doubled each time, and a random part of it."""
REST: Final = 0.5
"""Seconds between two steps: nobody waits for less here."""

RENEW = "if that lasts, make it a new one (escale-provision bundle)"
NO_BUNDLE = "this unit has no bundle: escale enrol BUNDLE"

_DATES = (9, 10)
"""OpenSSL's numbers for a certificate that is not valid yet, or no longer."""


class Exchange:
    """From a bundle on the card to a certificate, through the broker."""

    def __init__(
        self,
        data: Path,
        unit: str,
        broker: Broker,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.enrolment = Enrolment(data, unit)
        self.trouble = ""
        """Why there is no connection, in one sentence."""
        self._data, self._unit, self._broker, self._chance = data, unit, broker, chance
        self._client: mqtt.Client | None = None
        self._heard: list[bytes] = []
        self._ready = False
        self._lost = ""
        self._connect_at = float("-inf")
        self._failures = 0

    @property
    def state(self) -> State:
        """issued: the unit has an identity now (`store.load`)."""
        return self.enrolment.state

    @property
    def why(self) -> str:
        """What to tell a person who waits for it; "" when all goes well."""
        return self.enrolment.why or self.trouble

    def step(self, now: float, utc: int) -> float:
        """One turn; seconds to rest before the next. Raises OperatorError for the card's faults.

        `utc`: milliseconds since 1970 by the clock that TLS goes by.
        """
        self.enrolment.look()
        if not self.enrolment.wants_line(now):
            self.close()
        elif self._client is None and now >= self._connect_at:
            self._connect(now)
        elif self._client is not None:
            self._turn(self._client, now, utc)
        return REST

    def close(self) -> None:
        """Leaves the broker; may be called twice."""
        client, self._client = self._client, None
        self._ready, self._lost = False, ""
        if client is not None:
            client.on_disconnect = None
            client.disconnect()
            line = client.socket()
            if line is not None:
                line.close()

    def _turn(self, client: mqtt.Client, now: float, utc: int) -> None:
        client.loop(0.0)
        heard, self._heard = self._heard, []
        for payload in heard:
            self.enrolment.heard(payload, now, utc)
        if self._lost:
            self._give_up(self._lost, now)
        elif self._ready and self.enrolment.wants_line(now):
            asked = self.enrolment.request(now)
            if asked is not None:
                client.publish(topics.enrol(self._unit, "request"), asked, qos=1)

    def _connect(self, now: float) -> None:
        identity = store.bootstrap(self._data)
        if identity is None:
            raise OperatorError(NO_BUNDLE)
        name = certificates.BOOTSTRAP + self._unit
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
        client.connect_timeout = CONNECT_WITHIN
        client.tls_set_context(store.tls(self._data, identity))
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        try:
            client.connect(self._broker.host, self._broker.port, KEEPALIVE, clean_start=True)
        except OSError as error:
            self._give_up(why_not(error, self._where), now)
        else:
            self._client = client

    def _give_up(self, why: str, now: float) -> None:
        self.close()
        self.trouble = why
        pause = min(FIRST_PAUSE * 2.0 ** min(self._failures, 16), LONGEST_PAUSE)
        self._failures += 1
        self._connect_at = now + pause * (0.5 + self._chance() / 2)

    @property
    def _where(self) -> str:
        return f"{self._broker.host}:{self._broker.port}"

    def _on_connect(
        self, client: mqtt.Client, _: Any, _flags: Any, code: ReasonCode, _told: Any
    ) -> None:
        if code.is_failure:
            self._lost = f"the broker at {self._where} refuses this unit's bundle ({code}): {RENEW}"
        else:
            client.subscribe(topics.enrol(self._unit, "answer"), qos=1)

    def _on_subscribe(
        self, _client: mqtt.Client, _: Any, _mid: int, codes: list[ReasonCode], _told: Any
    ) -> None:
        if any(code.is_failure for code in codes):
            self._lost = f"the broker at {self._where} lets this unit hear no answer: {RENEW}"
        else:
            self._ready, self.trouble, self._failures = True, "", 0

    def _on_message(self, _client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        self._heard.append(bytes(message.payload))

    def _on_disconnect(self, _client: mqtt.Client, *_: Any) -> None:
        if self._ready:
            self._lost = f"the connection to {self._where} broke"
        else:
            # In TLS 1.3 a certificate is refused after the handshake, by hanging up.
            self._lost = f"the broker at {self._where} hangs up on this unit's bundle: {RENEW}"


def why_not(error: OSError, where: str) -> str:
    """One sentence for a connection that could not be made."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _DATES:
            return (
                f"the certificate of {where} is not valid at this unit's date:"
                " check the unit's clock"
            )
        return (
            f"{where} is not this federation's broker ({error.verify_message}):"
            " check the host's name in the unit's file"
        )
    if isinstance(error, ssl.SSLError):
        return f"{where} does not speak TLS 1.3 ({error.reason}): check the port in the unit's file"
    return f"no way to {where} ({error.strerror or error}): check the network"
