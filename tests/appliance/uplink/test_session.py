"""One connection: usable only when it is one, over when it is over, and nothing left in memory."""

import socket
import time
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from appliance.config import Broker
from appliance.uplink.backoff import Cause
from appliance.uplink.session import ANSWER_WITHIN, CONFIRM_WITHIN, NotReached, Session
from protocol import topics
from tests.support import Mosquitto, free_port

UNIT = "van-germaine"
BATCH = topics.up(UNIT, "batch")


class Heard:
    """A session and what it told."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.received: list[tuple[str, bytes]] = []
        self.crossed: list[Hashable] = []
        self.session = Session(
            Broker(host=host, port=port),
            unit=UNIT,
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
def heard(broker: Mosquitto) -> Iterator[Heard]:
    made = Heard(broker.port)
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


def test_the_control_paho_itself_sends_later_what_it_refused_offline(broker: Mosquitto) -> None:
    """The trap that the session is there for."""
    arrived: list[bytes] = []
    listener, client = (
        mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5) for _ in range(2)
    )
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


def test_a_broker_that_refuses_the_unit_is_told_as_such(tmp_path: Path) -> None:
    with Mosquitto(tmp_path, extra="allow_anonymous false") as broker:
        heard = Heard(broker.port)
        heard.until(lambda: heard.session.ended)
        assert str(heard.session.ended) == "the broker refuses this unit (Not authorized)"


def test_a_broker_that_refuses_what_is_sent_is_told_as_such(tmp_path: Path) -> None:
    rules = tmp_path / "acl"
    rules.write_text("topic read #\n")
    with Mosquitto(tmp_path, extra=f"acl_file {rules}") as broker:
        heard = Heard(broker.port)
        heard.until(lambda: heard.session.connected)
        heard.session.publish(BATCH, b"x", mark=1)
        heard.until(lambda: heard.session.ended)
        assert "refuses what this unit sends (Not authorized)" in str(heard.session.ended)
        assert heard.crossed == []


def test_a_broker_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        heard = Heard(mute.getsockname()[1])
        heard.session.read(time.monotonic() + ANSWER_WITHIN - 1)
        assert heard.session.ended is None
        heard.session.read(time.monotonic() + ANSWER_WITHIN + 1)
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
def test_without_a_connection_it_says_why(host: str, cause: Cause) -> None:
    with pytest.raises(NotReached, match=host) as refusal:
        Heard(free_port(), host)
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
