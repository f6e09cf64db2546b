"""Who the unit is, from not enrolled to its second certificate and back, over a real broker."""

import logging
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from cryptography import x509
from paho.mqtt.enums import CallbackAPIVersion

from appliance import runtime
from appliance.identity import store
from appliance.uplink import daemon
from protocol import certificates, enrolment, messages, signing, topics
from protocol.enrolment import Answer, EnrolRequest, RenewRequest
from provisioning import issuing
from tests.appliance.uplink.conftest import Unit
from tests.appliance.uplink.small_ledger import SmallLedger
from tests.support import Mosquitto, unit_config
from tests.trusted import Trusted, put

UNIT = "van-germaine"


class Authority:
    """Issues whatever is asked for, and does not ask back."""

    def __init__(self, broker: Mosquitto, trusted: Trusted) -> None:
        self.trusted = trusted
        self.renewals: list[bytes] = []
        self.enrolments: list[EnrolRequest] = []
        self.issued: list[x509.Certificate] = []
        self.before_it_answers: Callable[[x509.Certificate], None] = lambda leaf: None
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.tls_set_context(trusted.tls(broker.folder, "service-provisioning"))
        self._client.on_connect = lambda client, *_: client.subscribe(
            [(topics.all_requests(), 1), (topics.all_enrol(), 1)]
        )
        self._client.on_message = self._on_message
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _on_message(self, _client: mqtt.Client, _: Any, message: mqtt.MQTTMessage) -> None:
        if message.topic == topics.enrol(UNIT, "request"):
            self.enrolments.append(messages.decode(message.payload, EnrolRequest))
            self._answer(topics.enrol(UNIT, "answer"), self.enrolments[-1].request)
        else:
            self.renewals.append(message.payload)
            asked = messages.decode(signing.read(message.payload).payload, RenewRequest)
            self._answer(topics.down(UNIT, "certificate"), asked.request)

    def _answer(self, topic: str, request: bytes) -> None:
        key = certificates.read_request(request, UNIT)
        life = timedelta(days=200)
        leaf = issuing.issue_client(self.trusted.devices, key, UNIT, self.trusted.now, life)
        self.issued.append(leaf)
        self.before_it_answers(leaf)
        answer = Answer(
            request=enrolment.request_digest(request),
            outcome="issued",
            certificate=issuing.der(leaf),
        )
        self._client.publish(topic, messages.encode(answer), qos=1)


@pytest.fixture
def authority(broker: Mosquitto, trusted: Trusted) -> Iterator[Authority]:
    running = Authority(broker, trusted)
    yield running
    running.close()


@pytest.fixture
def blank(broker: Mosquitto, tmp_path: Path) -> Iterator[Unit]:
    """A unit whose card holds no identity."""
    running = Unit(unit_config(tmp_path, broker={"port": broker.port}), None)
    yield running
    running.close()


def bundle(trusted: Trusted, data: Path) -> None:
    """What a unit's bundle puts on its card."""
    trusted.identity_of(UNIT, data)
    for name in (store.KEY, store.CERTIFICATE):
        (data / "identity" / name).unlink()


def sent(unit: Unit, ledger: SmallLedger) -> bool:
    journal = unit.journal()
    return unit.drained and ledger.stored_to(journal.epoch) == journal.head


def shown(unit: Unit) -> bytes:
    """The certificate of the connection."""
    assert unit.uplink.papers.shown is not None
    return unit.uplink.papers.shown.der


def test_a_unit_that_is_not_enrolled_says_so_once_and_works_until_it_is(
    blank: Unit, ledger: SmallLedger, trusted: Trusted, caplog: pytest.LogCaptureFixture
) -> None:
    blank.write(5)
    for _ in range(5):
        blank.run_for(0.1)
        blank.skew += 10
    told = runtime.read(blank.config.paths.run, "uplink")
    assert told is not None
    assert (told["link"], told["backlog"]) == ("down", 5)
    assert told["why"].startswith("not enrolled")
    warned = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len([record for record in warned if "not enrolled" in record.getMessage()]) == 1
    trusted.identity_of(UNIT, blank.config.paths.data)
    blank.skew += 10
    blank.run_until(lambda: sent(blank, ledger))


def test_a_unit_with_its_bundle_and_code_is_enrolled_by_its_uplink(
    blank: Unit, ledger: SmallLedger, trusted: Trusted, authority: Authority
) -> None:
    data = blank.config.paths.data
    blank.write(5)
    bundle(trusted, data)
    code = enrolment.new_code()
    put(data / "identity" / store.CODE, code)
    blank.run_until(lambda: sent(blank, ledger))
    (asked,) = authority.enrolments
    assert enrolment.proves(enrolment.code_key(code, UNIT), asked)
    assert shown(blank) == issuing.der(authority.issued[0])


def test_a_certificate_that_has_run_out_is_no_end(
    unit: Unit, ledger: SmallLedger, authority: Authority
) -> None:
    former = shown_after_connecting(unit, ledger)
    unit.uplink.close()
    unit.days = 95
    unit.start()
    unit.write(5)
    unit.run_until(lambda: sent(unit, ledger))
    (asked,) = authority.enrolments
    assert asked.former == former
    assert shown(unit) == issuing.der(authority.issued[0])


def shown_after_connecting(unit: Unit, ledger: SmallLedger) -> bytes:
    unit.write(3)
    unit.run_until(lambda: sent(unit, ledger))
    return shown(unit)


def test_a_third_before_its_end_a_certificate_is_renewed_with_a_new_key(
    unit: Unit, ledger: SmallLedger, authority: Authority
) -> None:
    former = shown_after_connecting(unit, ledger)
    unit.skew += 60
    unit.run_for(0.2)
    assert authority.renewals == []
    unit.days = 61
    unit.run_for(0.1)
    unit.skew += 60
    unit.run_until(lambda: shown(unit) != former)
    key = certificates.read(former).public_key()
    signing.verify(authority.renewals[0], "renewal", UNIT, signing.keyed(key))
    unit.write(3)
    unit.run_until(lambda: sent(unit, ledger))
    assert ledger.unproved == []
    assert ledger.links[-1].certificate == issuing.der(authority.issued[0])
    left = {path.name for path in (unit.config.paths.data / "identity").iterdir()}
    assert left == {"key.pem", "certificate.pem", "bootstrap-key.pem", "bootstrap.pem"}
    unit.skew += 100
    until = int(authority.issued[0].not_valid_after_utc.timestamp() * 1000)
    unit.run_until(lambda: ledger.statuses[-1].certificate_until == until)


def test_a_new_certificate_that_the_broker_refuses_gives_way_to_the_former(
    unit: Unit, ledger: SmallLedger, authority: Authority, broker: Mosquitto, trusted: Trusted
) -> None:
    former = shown_after_connecting(unit, ledger)

    def revoke(leaf: x509.Certificate) -> None:
        trusted.revoked[leaf.serial_number] = trusted.now
        put(broker.folder / "revoked.pem", trusted.crl())
        assert broker._process is not None
        broker._process.send_signal(signal.SIGHUP)

    authority.before_it_answers = revoke
    unit.days = 61
    unit.run_for(0.1)
    unit.skew += 60
    unit.run_until(lambda: shown(unit) != former)
    unit.write(3)
    unit.run_until(lambda: sent(unit, ledger))
    assert shown(unit) == former
    assert ledger.unproved == []
    identity = store.load(unit.config.paths.data)
    assert identity is not None
    assert identity.der == former


def test_a_certificate_that_is_not_renewed_in_time_is_a_fault(
    unit: Unit, ledger: SmallLedger
) -> None:
    unit.days = 75
    unit.run_until(lambda: ledger.statuses and ledger.statuses[-1].faults)
    (fault,) = ledger.statuses[-1].faults
    assert "is not renewed" in fault


def test_a_missing_trust_statement_is_a_fault(unit: Unit, ledger: SmallLedger) -> None:
    (unit.config.paths.data / "trust" / "statement").unlink()
    unit.skew += 1
    unit.run_until(lambda: ledger.statuses and ledger.statuses[-1].faults)
    assert "statement is not there" in ledger.statuses[-1].faults[0]


def test_the_birth_with_the_certificate_comes_before_all_else_on_each_connection(
    tmp_path: Path, trusted: Trusted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even on a broker that takes one message at a time, by a unit that waits for no receipt."""
    monkeypatch.setattr(daemon, "HEAR_FIRST", 0.0)
    one = "max_inflight_messages 1"
    with Mosquitto(tmp_path / "broker", trusted=trusted, extra=one) as broker:
        ledger = SmallLedger(broker, trusted)
        unit = Unit(unit_config(tmp_path, broker={"port": broker.port}), trusted)
        for _ in range(5):
            unit.uplink.line.renew()
            ledger.keys = {}
            unit.write(100)
            unit.run_until(lambda: sent(unit, ledger))
        births = {link.certificate for link in ledger.links if link.online}
        assert (ledger.unproved, births) == ([], {shown(unit)})
        unit.close()
        ledger.close()
