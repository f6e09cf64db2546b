"""One connection: usable only when it is one, over when it is over, and nothing left in memory."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from appliance.config import Broker
from appliance.uplink.backoff import Cause
from appliance.uplink.session import ANSWER_WITHIN, CONFIRM_WITHIN, Session
from appliance.uplink.trouble import NotReached
from appliance.uplink.wire import CONGESTION
from protocol import topics
from tests.support import Mosquitto, free_port
from tests.trusted import Trusted

UNIT = "van-germaine"
BATCH = topics.up(UNIT, "batch")


class Heard:
    """A session and what it told."""

    def __init__(self, port: int, tls: ssl.SSLContext, host: str = "127.0.0.1") -> None:
        self.received: list[tuple[str, bytes]] = []
        self.crossed: list[Hashable] = []
        self.session = Session(
            Broker(host=host, port=port),
            tls,
            name=UNIT,
            subscribe=topics.all_down(UNIT),
            will=(topics.up(UNIT, "link"), b"gone"),
            receive=lambda topic, payload: self.received.append((topic, payload)),
            crossed=self.crossed.append,
            now=time.monotonic(),
        )

    def until(self, done: Callable[[], object], seconds: float = 5.0) -> None:
        limit = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < limit, "it never happened"
            self.session.wait(0.02)
            self.session.read(time.monotonic())


@pytest.fixture
def tls(tmp_path: Path, trusted: Trusted) -> ssl.SSLContext:
    """As the unit, with a certificate that is good."""
    return trusted.tls(tmp_path, UNIT)


@pytest.fixture
def heard(broker: Mosquitto, tls: ssl.SSLContext) -> Iterator[Heard]:
    made = Heard(broker.port, tls)
    yield made
    made.session.close()


def test_nothing_can_be_published_before_the_broker_has_said_yes(
    heard: Heard, broker: Mosquitto
) -> None:
    assert not heard.session.publish(BATCH, b"early", mark=1)
    heard.until(lambda: heard.session.connected)
    assert heard.session.publish(BATCH, b"in time", mark=2)
    heard.until(lambda: heard.crossed)
    assert heard.crossed == [2]
    assert heard.session.unheard


def test_the_control_paho_itself_sends_later_what_it_refused_offline(
    broker: Mosquitto, trusted: Trusted, tmp_path: Path
) -> None:
    """The trap that the session is there for."""
    arrived: list[bytes] = []
    listener, client = (
        mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5) for _ in range(2)
    )
    listener.tls_set_context(trusted.tls(tmp_path, "service-listener"))
    client.tls_set_context(trusted.tls(tmp_path, UNIT))
    listener.on_message = lambda _c, _u, message: arrived.append(message.payload)
    listener.connect("127.0.0.1", broker.port)
    while not listener.is_connected():
        listener.loop(0.1)
    listener.subscribe(BATCH, qos=1)
    listener.loop(0.2)
    assert client.publish(BATCH, b"offline", qos=1).rc == mqtt.MQTT_ERR_NO_CONN
    client.connect("127.0.0.1", broker.port)
    limit = time.monotonic() + 5
    while not arrived and time.monotonic() < limit:
        client.loop(0.02)
        listener.loop(0.02)
    for each in (client, listener):
        each.disconnect()
    assert arrived == [b"offline"]


def test_a_dead_broker_ends_the_session_for_good(heard: Heard, broker: Mosquitto) -> None:
    heard.until(lambda: heard.session.connected)
    broker.kill()
    heard.until(lambda: heard.session.ended)
    assert heard.session.ended is not None
    assert heard.session.ended.cause is Cause.BROKER
    assert not heard.session.publish(BATCH, b"late", mark=1)
    assert heard.session.room == 0


def test_a_broker_that_refuses_the_unit_is_told_as_such(
    tmp_path: Path, trusted: Trusted, tls: ssl.SSLContext
) -> None:
    with Mosquitto(tmp_path, trusted=trusted, extra="clientid_prefixes other-") as broker:
        heard = Heard(broker.port, tls)
        heard.until(lambda: heard.session.ended)
        assert str(heard.session.ended) == "the broker refuses this unit (Not authorized)"


def test_a_broker_that_refuses_what_is_sent_is_told_as_such(
    tmp_path: Path, trusted: Trusted, tls: ssl.SSLContext
) -> None:
    with Mosquitto(tmp_path, trusted=trusted, acl="topic read #\n") as broker:
        heard = Heard(broker.port, tls)
        heard.until(lambda: heard.session.connected)
        heard.session.publish(BATCH, b"x", mark=1)
        heard.until(lambda: heard.session.ended)
        assert "refuses what this unit sends (Not authorized)" in str(heard.session.ended)
        assert heard.crossed == []


def test_a_broker_that_never_shakes_hands_is_given_up_and_blocks_nobody(
    tls: ssl.SSLContext,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        begun = time.monotonic()
        heard = Heard(mute.getsockname()[1], tls)
        heard.session.read(begun + ANSWER_WITHIN - 1)
        assert heard.session.ended is None
        assert time.monotonic() - begun < 0.5
        heard.session.read(begun + ANSWER_WITHIN + 1)
        assert heard.session.ended is not None
        assert heard.session.ended.cause is Cause.SILENCE
        heard.session.close()


def test_a_broker_that_stops_confirming_is_given_up(heard: Heard) -> None:
    heard.until(lambda: heard.session.connected)
    heard.session.publish(BATCH, b"x", mark=1)
    heard.session._marks = {99: (time.monotonic(), "never confirmed")}
    heard.session.read(time.monotonic() + CONFIRM_WITHIN + 1)
    assert str(heard.session.ended) == "the broker confirms nothing"


@pytest.mark.parametrize(
    ("host", "cause"),
    [("127.0.0.1", Cause.BROKER), ("no-such-host.invalid", Cause.NO_ROUTE)],
)
def test_without_a_connection_it_says_why(tls: ssl.SSLContext, host: str, cause: Cause) -> None:
    with pytest.raises(NotReached, match=host) as refusal:
        Heard(free_port(), tls, host)
    assert refusal.value.cause is cause


def test_a_message_that_cannot_be_dealt_with_ends_nothing(
    heard: Heard, broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(topic: str, payload: bytes) -> None:
        raise ZeroDivisionError(topic)

    heard.session._receive = stumble
    heard.until(lambda: heard.session.connected)
    topic = topics.down(UNIT, "receipt")
    heard.session.publish(topic, b"x", mark=1)
    heard.until(lambda: "ZeroDivisionError" in caplog.text)
    heard.session._receive = lambda topic, payload: heard.received.append((topic, payload))
    heard.session.publish(topic, b"y", mark=2)
    heard.until(lambda: heard.received)
    assert heard.received == [(topic, b"y")]
    assert heard.session.connected


def refusal(port: int, tls: ssl.SSLContext, host: str = "127.0.0.1") -> NotReached:
    """What a session says that must never be connected."""
    heard = Heard(port, tls, host)
    heard.until(lambda: heard.session.ended or heard.session.connected)
    assert not heard.session.connected
    assert heard.session.ended is not None
    return heard.session.ended


def test_a_certificate_that_the_broker_refuses_is_told_with_the_reason(
    tmp_path: Path, trusted: Trusted
) -> None:
    """In TLS 1.3 the handshake of a refused client succeeds."""
    stranger, day = Trusted(), timedelta(days=1)
    revoked = trusted.tls(tmp_path, UNIT)
    trusted.revoked[trusted.issued[UNIT].serial_number] = trusted.now
    shown = {
        "it is revoked": revoked,
        "it has run out": trusted.tls(tmp_path, UNIT, life=day, begins=trusted.now - 2 * day),
        "not valid yet": trusted.tls(tmp_path, UNIT, life=day, begins=trusted.now + 2 * day),
        "it is not of the authority": trusted.tls(tmp_path, UNIT, issuer=stranger),
    }
    with Mosquitto(tmp_path / "broker", trusted=trusted) as broker:
        for why, tls in shown.items():
            told = refusal(broker.port, tls)
            assert why in str(told)
            assert "this unit's certificate" in str(told)
            assert told.unwelcome


@contextmanager
def served(
    folder: Path,
    trusted: Trusted,
    peer: Callable[[ssl.SSLSocket], object],
    version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
) -> Iterator[int]:
    """A port where `peer` answers one connection in the broker's name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = version
    trusted.broker(folder)
    context.load_cert_chain(folder / "broker.pem", folder / "broker-key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with (
                suppress(OSError),
                context.wrap_socket(listener.accept()[0], server_side=True) as line,
            ):
                peer(line)

        thread = threading.Thread(target=answer)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_broker_that_hangs_up_without_a_word_may_have_refused_the_certificate(
    tmp_path: Path, trusted: Trusted, tls: ssl.SSLContext
) -> None:
    with served(tmp_path, trusted, lambda line: line.recv(10)) as port:
        told = refusal(port, tls)
    assert str(told).startswith("the broker hung up before it answered: it may refuse this unit")
    assert told.unwelcome


def test_a_broker_that_the_unit_does_not_believe_is_told_with_the_reason(
    tmp_path: Path, trusted: Trusted, tls: ssl.SSLContext
) -> None:
    with Mosquitto(tmp_path / "stranger", trusted=Trusted()) as stranger:
        assert "is not our broker" in str(refusal(stranger.port, tls))
    with Mosquitto(tmp_path / "plain", trusted=None) as plain:
        assert "hung up in the middle of the handshake" in str(refusal(plain.port, tls))
    with Mosquitto(tmp_path / "elsewhere", trusted=trusted, host="0.0.0.0") as elsewhere:
        assert "is for another host" in str(refusal(elsewhere.port, tls, "127.0.0.2"))


@pytest.mark.parametrize(
    ("days", "why", "cause"),
    [(-100, "has run out", Cause.BROKER), (100, "not valid yet by this unit's", Cause.SILENCE)],
)
def test_a_broker_whose_certificate_is_not_of_today_is_told_with_the_reason(
    tmp_path: Path, trusted: Trusted, tls: ssl.SSLContext, days: int, why: str, cause: Cause
) -> None:
    trusted.now += timedelta(days=days)
    with Mosquitto(tmp_path / "broker", trusted=trusted) as broker:
        told = refusal(broker.port, tls)
    assert why in str(told)
    assert (told.cause, told.unwelcome) == (cause, False)


def test_only_tls_1_3_is_spoken(tmp_path: Path, trusted: Trusted, tls: ssl.SSLContext) -> None:
    with served(tmp_path, trusted, lambda line: None, ssl.TLSVersion.TLSv1_2) as port:
        assert "does not speak TLS 1.3" in str(refusal(port, tls))


def test_the_socket_under_tls_is_tuned_for_small_messages(heard: Heard) -> None:
    wire = heard.session._wire
    assert wire is not None
    assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
    offered = Path("/proc/sys/net/ipv4/tcp_available_congestion_control").read_text().split()
    if CONGESTION.decode() in offered:
        used = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, 16)
        assert used.rstrip(b"\0") == CONGESTION


def test_what_tls_has_deciphered_already_waits_for_nobody(
    tmp_path: Path, trusted: Trusted, tls: ssl.SSLContext
) -> None:
    """Several messages in one record: only the first of them makes the socket readable."""
    topic = topics.down(UNIT, "receipt").encode()
    word = bytes((0x30, len(topic) + 4, 0, len(topic))) + topic + b"\0!"

    def peer(line: ssl.SSLSocket) -> None:
        line.recv(1000)
        line.sendall(b"\x20\x03\0\0\0")  # CONNACK
        mid = line.recv(1000)[2:4]
        line.sendall(b"\x90\x04" + mid + b"\0\x01" + 20 * word)  # SUBACK and 20 PUBLISH
        line.recv(1000)

    with served(tmp_path, trusted, peer) as port:
        heard = Heard(port, tls)
        begun = time.monotonic()
        while len(heard.received) < 20:
            heard.session.wait(1.0)
            heard.session.read(time.monotonic())
        heard.session.close()
    assert time.monotonic() - begun < 1.0
