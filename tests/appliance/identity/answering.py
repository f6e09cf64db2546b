"""A small authority that answers enrolment and renewal; the real one is provisioning's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from paho.mqtt.enums import CallbackAPIVersion

from appliance.identity import store
from protocol import certificates, enrolment, messages, signing, topics
from protocol.enrolment import Answer, Bundle, EnrolRequest, RenewRequest
from provisioning import issuing
from tests.trusted import Trusted, pem

UNIT = "van-germaine"
CODE = "7K3M9QXW2PZT4HJD"


class Authority:
    """Decides on requests; one certificate a request, however often it is asked."""

    def __init__(self, trusted: Trusted, unit: str = UNIT) -> None:
        self.trusted, self.unit = trusted, unit
        self.code: str | None = CODE
        self.approved = False
        self.life = timedelta(days=enrolment.LIFE_DAYS)
        self.now: datetime | None = None
        """Issues as of then; None: as of now."""
        self.issued: dict[bytes, bytes] = {}
        """Request → certificate."""
        self.asked: list[bytes] = []
        self.bootstrap_key, self.bootstrap = trusted.client(certificates.BOOTSTRAP + unit)

    def bundle(self, *, serial: int = 1, port: int = 8883, **changed: Any) -> Bundle:
        """What a blank card of this unit is given."""
        told: dict[str, Any] = {
            "unit": self.unit, "vehicle_name": "Camion « Germaine »", "territory": "Ardèche",
            "centre": "Privas", "profile": "camion", "zone": "Europe/Paris",
            "broker_host": "127.0.0.1", "broker_port": port,
            "root": issuing.pem(self.trusted.root.certificate),
            "device_authority": issuing.pem(self.trusted.devices.certificate),
            "bootstrap_certificate": self.bootstrap, "bootstrap_key": pem(self.bootstrap_key),
            "trust": self.trusted.statement(serial), "reset_secret": b"r" * 32,
        }  # fmt: skip
        return Bundle(**{**told, **changed})

    def enrol(self, payload: bytes) -> bytes:
        """The answer to enrol/<unit>/request."""
        asked = messages.decode(payload, EnrolRequest)
        self.asked.append(asked.request)
        key = certificates.read_request(asked.request, self.unit)
        if asked.request in self.issued:
            return self.issue(asked.request, key)
        if asked.former:
            return self._approved(asked, key)
        if self.code is None or not enrolment.proves(
            enrolment.code_key(self.code, self.unit), asked
        ):
            return self._answer(asked.request, "refused", "the code is not this unit's")
        self.code = None  # once
        return self.issue(asked.request, key)

    def renew(self, payload: bytes, former: Ed25519PublicKey) -> bytes:
        """The answer to up/request, signed by the key in force."""
        signed = signing.verify(payload, "renewal", self.unit, signing.keyed(former))
        request = messages.decode(signed, RenewRequest).request
        self.asked.append(request)
        return self.issue(request, certificates.read_request(request, self.unit))

    def issue(self, request: bytes, key: Ed25519PublicKey) -> bytes:
        """A certificate for that key, with its bootstrap made anew."""
        now = self.now or datetime.now(UTC)
        if request not in self.issued:
            made = issuing.issue_client(self.trusted.devices, key, self.unit, now, self.life)
            self.issued[request] = issuing.der(made)
        name = certificates.BOOTSTRAP + self.unit
        life = timedelta(days=enrolment.BOOTSTRAP_DAYS)
        again = issuing.issue_client(
            self.trusted.devices, self.bootstrap_key.public_key(), name, now, life
        )
        return messages.encode(
            Answer(
                request=enrolment.request_digest(request), outcome="issued",
                certificate=self.issued[request], bootstrap=issuing.der(again),
            )
        )  # fmt: skip

    def _approved(self, asked: EnrolRequest, key: Ed25519PublicKey) -> bytes:
        former = certificates.read(asked.former)
        former.verify_directly_issued_by(self.trusted.devices.certificate)
        public = former.public_key()
        assert isinstance(public, Ed25519PublicKey)
        told = signing.verify(asked.renewal, "renewal", self.unit, signing.keyed(public))
        assert messages.decode(told, RenewRequest).request == asked.request
        if not self.approved:
            return self._answer(asked.request, "waiting", "somebody must approve this unit")
        return self.issue(asked.request, key)

    def _answer(self, request: bytes, outcome: Any, reason: str) -> bytes:
        digest = enrolment.request_digest(request)
        return messages.encode(Answer(request=digest, outcome=outcome, reason=reason))


def put_bundle(bundle: Bundle, path: Path) -> Path:
    """The file on the card's boot partition."""
    path.write_bytes(messages.encode(bundle))
    return path


@contextmanager
def at_the_broker(authority: Authority, port: int, folder: Path) -> Iterator[None]:
    """The authority answers enrolments at a broker with TLS."""
    authority.trusted.identity_of("service-provisioning", folder)
    identity = store.load(folder)
    assert identity is not None
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2, client_id="service-provisioning", protocol=mqtt.MQTTv5
    )
    client.tls_set_context(store.tls(folder, identity))

    def heard(client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        unit = topics.parse_enrol(message.topic).unit
        if unit == authority.unit:
            client.publish(topics.enrol(unit, "answer"), authority.enrol(message.payload), qos=1)

    client.on_message = heard
    client.on_connect = lambda client, *_: client.subscribe(topics.all_enrol(), qos=1)
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        yield
    finally:
        client.disconnect()
        client.loop_stop()
