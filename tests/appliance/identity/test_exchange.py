"""Enrolment over a real broker with TLS: from a blank card to a certificate, and what stops it."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.config import Broker
from appliance.identity import bundle, enrolling, store
from appliance.identity.exchange import Exchange
from protocol import certificates, closed_keys
from tests.appliance.identity.answering import CODE, UNIT, Authority, at_the_broker
from tests.support import Mosquitto, eventually, free_port
from tests.trusted import Trusted, put

ACL = f"""
user {certificates.BOOTSTRAP}{UNIT}
topic write escale/v1/enrol/{UNIT}/request
topic read escale/v1/enrol/{UNIT}/answer
user service-provisioning
topic readwrite escale/v1/enrol/#
"""


@pytest.fixture
def secure(trusted: Trusted, tmp_path: Path) -> Iterator[Mosquitto]:
    """A real broker that lets in who has a certificate."""
    with Mosquitto(tmp_path / "broker", trusted=trusted, acl=ACL) as running:
        yield running


@pytest.fixture
def data(authority: Authority, tmp_path: Path) -> Path:
    bundle.install(authority.bundle(), tmp_path / "data")
    put(tmp_path / "data" / "identity" / "code", CODE.encode())
    return tmp_path / "data"


def exchange_with(data: Path, port: int) -> Exchange:
    return Exchange(data, UNIT, Broker(host="127.0.0.1", port=port), chance=lambda: 0.0)


def stepped(exchange: Exchange) -> Exchange:
    exchange.step(time.monotonic(), time.time_ns() // 1_000_000)
    return exchange


def stepped_until(exchange: Exchange, done: str, seconds: float = 10.0) -> None:
    """Steps it until its state is `done`, or its trouble says it."""
    eventually(
        lambda: done in (stepped(exchange).state, exchange.why) or done in exchange.why,
        seconds,
        f"{done}, not {exchange.state} {exchange.why}",
    )


def test_a_blank_card_is_enrolled_through_the_broker(
    authority: Authority, secure: Mosquitto, data: Path, tmp_path: Path
) -> None:
    exchange = exchange_with(data, secure.port)
    with at_the_broker(authority, secure.port, tmp_path / "service"):
        stepped_until(exchange, "issued")
    exchange.step(time.monotonic(), 0)  # leaves the broker
    identity = store.load(data)
    assert identity is not None
    assert identity.der in authority.issued.values()
    with socket.create_connection(("127.0.0.1", secure.port)) as line:  # it is let in with it
        context = store.tls(data, identity)
        with context.wrap_socket(line, server_hostname="127.0.0.1") as connected:
            assert connected.version() == "TLSv1.3"


def test_a_unit_asks_again_until_somebody_answers(
    authority: Authority, secure: Mosquitto, data: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(enrolling, "ANSWER_WITHIN", 0.1)
    exchange = exchange_with(data, secure.port)
    eventually(lambda: stepped(exchange)._line.session, what="it is connected")
    for _ in range(3):  # nobody listens to these
        stepped(exchange)
    with at_the_broker(authority, secure.port, tmp_path / "service"):
        stepped_until(exchange, "issued")
    assert len(set(authority.asked)) == 1


def test_a_wrong_code_is_one_sentence_and_the_line_is_left(
    authority: Authority, secure: Mosquitto, data: Path, tmp_path: Path
) -> None:
    put(data / "identity" / "code", b"0" * 16)
    exchange = exchange_with(data, secure.port)
    with at_the_broker(authority, secure.port, tmp_path / "service"):
        stepped_until(exchange, "refused")
    assert exchange.why == "the code is not this unit's"
    assert exchange._line.session is None
    exchange.close()


def test_a_bundle_that_is_not_let_in_says_so(
    trusted: Trusted, secure: Mosquitto, data: Path
) -> None:
    gone = datetime.now(UTC) - timedelta(days=200)
    key, chain = trusted.client(certificates.BOOTSTRAP + UNIT, begins=gone)
    put(data / "identity" / "bootstrap-key.pem", closed_keys.leave_open(key))
    put(data / "identity" / "bootstrap.pem", chain)
    exchange = exchange_with(data, secure.port)
    stepped_until(exchange, "escale-provision bundle")
    assert "certificate: it has run out" in exchange.why
    exchange.close()


def test_a_broker_that_breaks_off_is_found_again(
    authority: Authority, secure: Mosquitto, data: Path, tmp_path: Path
) -> None:
    exchange = exchange_with(data, secure.port)
    eventually(lambda: stepped(exchange)._line.session, what="it is connected")
    secure.kill()
    stepped_until(exchange, "nothing answers at")
    secure.start()
    with at_the_broker(authority, secure.port, tmp_path / "service"):
        stepped_until(exchange, "issued")
    exchange.close()


def test_no_broker_is_one_sentence(data: Path) -> None:
    port = free_port()
    exchange = exchange_with(data, port)
    stepped_until(exchange, f"nothing answers at 127.0.0.1:{port}")
    exchange.close()


def test_a_broker_of_another_root_is_not_spoken_to(
    secure: Mosquitto, tmp_path: Path, data: Path
) -> None:
    stranger = Trusted()
    with Mosquitto(tmp_path / "other", trusted=stranger) as other:
        exchange = exchange_with(data, other.port)
        stepped_until(exchange, "is not our broker")
        exchange.close()


def test_a_broker_without_tls_is_not_spoken_to(data: Path, tmp_path: Path) -> None:
    with Mosquitto(tmp_path / "plain", trusted=None) as plain:
        exchange = exchange_with(data, plain.port)
        stepped_until(exchange, "TLS 1.3")
    assert exchange.state == "asking"
    exchange.close()
