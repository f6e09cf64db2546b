"""What every source promises ingest: MQTT partitions, RabbitMQ's quorum queues, and their twin."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from federation.amqp import AmqpSource
from federation.config import Broker, Ingest
from federation.mqtt import MqttSource
from federation.source import Delivery, Source
from federation.twins.queue import Queue
from protocol import topics
from protocol.topics import PARTITIONS, partition
from tests.rabbitmq import Cluster, Node, needs_rabbitmq
from tests.support import Mosquitto, eventually

from .van import TRUSTED, UNIT

ALL = tuple(range(PARTITIONS))
UP, DOWN = topics.up(UNIT, "batch"), topics.down(UNIT, "receipt")


class Unit:
    """A unit's line to a real broker."""

    def __init__(self, folder: Path, port: int) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = Client(CallbackAPIVersion.VERSION2, UNIT, protocol=MQTTv5)
        self._client.tls_set_context(TRUSTED.tls(folder, UNIT))
        self._client.on_message = lambda _c, _d, told: self.heard.append((told.topic, told.payload))
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("localhost", port)
        self._client.subscribe(topics.all_down(UNIT), qos=1)
        self._client.loop_start()
        assert subscribed.wait(5)

    def publish(self, said: Delivery) -> None:
        """QoS 1, and the broker's word that it has it."""
        properties = Properties(PacketTypes.PUBLISH)
        properties.UserProperty = list(said.properties)
        given = self._client.publish(said.topic, said.payload, qos=1, properties=properties)
        given.wait_for_publish(5)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


class Bench:
    """One kind of source, and a unit at the other end of it."""

    def __init__(
        self,
        open_: Callable[[Sequence[int]], Source],
        publish: Callable[[Delivery], None],
        heard: Callable[[], list[tuple[str, bytes]]],
    ) -> None:
        self._open, self.publish, self.heard = open_, publish, heard
        self.opened: list[Source] = []

    def source(self, partitions: Sequence[int] = ALL) -> Source:
        """Of a worker that starts; it connects when it is first asked to receive."""
        self.opened.append(self._open(partitions))
        return self.opened[-1]

    def listening(self, partitions: Sequence[int] = ALL) -> Source:
        """The same, and from here on what is published is its own."""
        source = self.source(partitions)
        eventually(lambda: _has_begun(source), seconds=20, what="a connection")
        source.receive(monotonic())
        return source

    def close(self) -> None:
        for source in self.opened:
            source.close()


def _has_begun(source: Source) -> bool:
    assert not source.receive(monotonic())
    return isinstance(source, Queue) or bool(getattr(source, "connections", 0))


def said(number: int) -> Delivery:
    """What a unit says."""
    return Delivery(UP, b"%d" % number, (("rows", f"screen 7 {number}-{number}"),))


def received(source: Source, count: int, *, seconds: float = 20) -> list[Delivery]:
    """The next so many deliveries, confirmed."""
    got: list[Delivery] = []

    def enough() -> bool:
        deliveries = source.receive(monotonic())
        source.confirm(deliveries)
        got.extend(deliveries)
        return len(got) >= count

    eventually(enough, seconds=seconds, what="deliveries")
    return got


def told(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Without what only the source understands."""
    return [delivery._replace(token=None) for delivery in deliveries]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with Cluster(TRUSTED, [UNIT, "service-ingest"]) as cluster:
        yield cluster.nodes[0]


@pytest.fixture
def node_alone() -> Iterator[Node]:
    """One that may be killed."""
    with Cluster(TRUSTED, [UNIT, "service-ingest"]) as cluster:
        yield cluster.nodes[0]


def settings_of(folder: Path, port: int) -> Broker:
    """How the federation comes in there."""
    files = TRUSTED.federation(folder / "keys")["broker"]
    paths = {name: Path(str(path)) for name, path in files.items()}
    return Broker(host="localhost", port=port, **paths)


@pytest.fixture(
    params=["queue", "mqtt", pytest.param("amqp", marks=[needs_rabbitmq, pytest.mark.slow])]
)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Each kind in its turn."""
    with ExitStack() as parts:
        if request.param == "queue":
            twin = Queue()
            yield Bench(
                lambda _: twin,
                twin.waiting.append,
                lambda: [(sent.topic, sent.payload) for sent in twin.sent],
            )
            return
        if request.param == "mqtt":
            mosquitto = parts.enter_context(Mosquitto(tmp_path / "broker", trusted=TRUSTED))
            broker, door = settings_of(tmp_path, mosquitto.port), mosquitto.port
            kind: Callable[..., Source] = MqttSource
        else:
            rabbit: Node = request.getfixturevalue("node")
            broker, door = settings_of(tmp_path, rabbit.amqp), rabbit.mqtt
            kind = AmqpSource
        unit = Unit(tmp_path, door)
        parts.callback(unit.close)
        made = Bench(
            lambda partitions: kind(broker, Ingest(partitions=tuple(partitions))),
            unit.publish,
            lambda: unit.heard,
        )
        parts.callback(made.close)
        yield made


def test_what_a_unit_said_arrives_as_it_said_it(bench: Bench) -> None:
    source = bench.listening()
    bench.publish(said(1))
    assert told(received(source, 1)) == [said(1)]


def test_messages_of_a_unit_keep_their_order(bench: Bench) -> None:
    source = bench.listening()
    for number in range(1, 31):
        bench.publish(said(number))
    assert told(received(source, 30)) == [said(number) for number in range(1, 31)]


def test_what_was_not_confirmed_comes_again(bench: Bench) -> None:
    source = bench.listening()
    bench.publish(said(1))
    eventually(lambda: source.receive(monotonic()), seconds=20)
    source.close()
    assert told(received(bench.source(), 1)) == [said(1)]


def test_what_was_confirmed_does_not_come_again(bench: Bench) -> None:
    source = bench.listening()
    bench.publish(said(1))
    received(source, 1)
    source.receive(monotonic())
    source.close()
    again = bench.source()
    bench.publish(said(2))
    assert told(received(again, 1)) == [said(2)]


def test_what_came_while_no_worker_was_there_waits_for_it(bench: Bench) -> None:
    bench.listening().close()
    bench.publish(said(1))
    assert told(received(bench.source(), 1)) == [said(1)]


def test_an_answer_reaches_the_unit(bench: Bench) -> None:
    source = bench.listening()
    assert source.send(DOWN, b"stored up to 1")

    def arrived() -> bool:
        source.receive(monotonic())
        return (DOWN, b"stored up to 1") in bench.heard()

    eventually(arrived, seconds=10)


def test_a_worker_receives_its_own_partitions_alone(
    bench: Bench, request: pytest.FixtureRequest
) -> None:
    if "queue" in request.node.name:
        pytest.skip("the twin has one partition")
    own = partition(UNIT)
    others = bench.listening([number for number in ALL if number != own])
    mine = bench.listening([own]) if "amqp" in request.node.name else None
    bench.publish(said(1))
    if mine is not None:
        assert told(received(mine, 1)) == [said(1)]
    assert not others.receive(monotonic())


@needs_rabbitmq
@pytest.mark.slow
def test_a_queue_outlives_its_broker_and_the_source_comes_back(
    node_alone: Node, tmp_path: Path
) -> None:
    broker = settings_of(tmp_path, node_alone.amqp)
    source = AmqpSource(broker, Ingest(), dice=lambda: 0.0)
    eventually(lambda: _has_begun(source), seconds=20)
    # RabbitMQ 4.0 forgets where a queue is that was made within the second before a kill.
    node_alone.stop()
    node_alone.start()
    eventually(lambda: not source.receive(monotonic()) and source.connections == 2, seconds=30)
    unit = Unit(tmp_path, node_alone.mqtt)
    unit.publish(said(1))
    unit.close()
    eventually(lambda: source.receive(monotonic()), seconds=20)  # and nothing is confirmed
    node_alone.kill()
    eventually(lambda: not source.receive(monotonic()) and not source.send(DOWN, b""))
    node_alone.start()
    assert told(received(source, 1, seconds=60)) == [said(1)]
    source.close()


def test_a_broker_that_is_not_there_is_told_in_one_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = AmqpSource(settings_of(tmp_path, 1), Ingest(), wait=lambda _: None)
    for moment in range(5):
        assert source.receive(moment * 100.0) == ()
    assert [record.name for record in caplog.records] == ["ingest"]
    assert "no broker at localhost:1" in caplog.text
