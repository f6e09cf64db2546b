"""Ingest at a real broker: sessions, PUBACK after commit, receipts, a broker that forgets."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from federation import database, outbox, reading
from federation.config import Broker
from federation.config import Ingest as Settings
from federation.mqtt import MqttSource
from federation.source import Delivery
from protocol import messages, topics
from protocol.messages import Document, Receipt
from tests.support import Mosquitto, eventually, write_toml

from .bench import link, numbers
from .van import UNIT, Van


class Line:
    """A unit's line to the broker: what it published, what came down."""

    def __init__(self, port: int, unit: str = UNIT) -> None:
        self.receipts: list[Receipt] = []
        self.documents: list[Document] = []
        self._client = Client(CallbackAPIVersion.VERSION2, f"unit-{unit}", protocol=MQTTv5)
        self._client.on_message = lambda _c, _d, message: self._heard(message)
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", port)
        self._client.subscribe(topics.all_down(unit), qos=1)
        self._client.loop_start()
        assert subscribed.wait(5)

    def say(self, delivery: Delivery, *, retain: bool = False) -> None:
        properties = Properties(PacketTypes.PUBLISH)
        properties.UserProperty = list(delivery.properties)
        said = self._client.publish(
            delivery.topic, delivery.payload, qos=1, retain=retain, properties=properties
        )
        said.wait_for_publish(5)

    def stored_to(self, epoch: int = 7) -> int:
        """The watermark of the last receipt."""
        if not self.receipts:
            return -1
        stored = self.receipts[-1].epochs.get(str(epoch))
        return stored.stored_to if stored else 0

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _heard(self, message: object) -> None:
        topic, payload = message.topic, message.payload  # type: ignore[attr-defined]
        if topic.endswith("/receipt"):
            self.receipts.append(messages.decode(payload, Receipt))
        else:
            self.documents.append(messages.decode(payload, Document))


@contextmanager
def line(broker: Mosquitto) -> Iterator[Line]:
    made = Line(broker.port)
    try:
        yield made
    finally:
        made.close()


class Worker:
    """`escale-federation ingest` as a process."""

    def __init__(self, folder: Path, port: int, *, program: str = "federation.cli") -> None:
        self._program = program
        self.data = folder / "data"
        self.config = write_toml(
            folder / "federation.toml",
            {"store": {"data": str(self.data)}, "broker": {"port": port}},
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.log = folder / "ingest.log"

    def start(self) -> None:
        command = [sys.executable, "-m", self._program, "--config", str(self.config), "ingest"]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        return self._process.wait(10)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.end(signal.SIGKILL)

    def is_quiet(self) -> bool:
        """Whether half a second goes by without a new row."""
        before = self.facts()
        threading.Event().wait(0.5)
        return self.facts() == before

    def facts(self) -> list[int]:
        reader = database.open_for_reading(self.data / "ledger.sqlite")
        found = numbers([row.body for row in reading.entries(reader) if row.body is not None])
        reader.close()
        return found


@pytest.fixture
def worker(broker: Mosquitto, tmp_path: Path) -> Iterator[Worker]:
    with Worker(tmp_path, broker.port) as made:
        made.start()
        yield made


def test_a_batch_is_stored_and_receipted_over_a_real_broker(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(100)
    with line(broker) as unit:
        unit.say(link(), retain=True)
        eventually(lambda: unit.stored_to() == 0)
        unit.say(van.delivery(1, 100))
        eventually(lambda: unit.stored_to() == 100)
    assert worker.facts() == list(range(1, 101))
    assert worker.end() == 0


def test_what_was_sent_while_ingest_was_away_is_waiting_for_it(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(100)
    with line(broker) as unit:
        unit.say(link(), retain=True)
        eventually(lambda: unit.stored_to() == 0)
        worker.end()
        unit.say(van.delivery(1, 50))
        unit.say(van.delivery(51, 100))
        worker.start()
        eventually(lambda: unit.stored_to() == 100)


def test_ingest_gives_receipts_when_it_starts(broker: Mosquitto, worker: Worker) -> None:
    with line(broker) as unit:
        unit.say(link(), retain=True)
        eventually(lambda: len(unit.receipts) == 1)
        worker.end()
        worker.start()
        eventually(lambda: len(unit.receipts) == 2)


def test_a_broker_that_was_killed_and_wiped_costs_nothing(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(60)
    for first in (1, 31):
        with line(broker) as unit:
            unit.say(link(), retain=True)
            eventually(lambda unit=unit: unit.receipts != [])
            unit.say(van.delivery(1, first + 29))
            eventually(lambda unit=unit, last=first + 29: unit.stored_to() == last)
        broker.kill()
        broker.wipe()
        broker.start()
    with line(broker) as unit:
        unit.say(link(), retain=True)
        eventually(lambda: unit.stored_to() == 60)
    assert worker.facts() == list(range(1, 61))


def test_a_document_published_on_the_command_line_reaches_the_unit(
    broker: Mosquitto, worker: Worker
) -> None:
    with line(broker) as unit:
        unit.say(link(), retain=True)
        eventually(lambda: len(unit.receipts) == 1)
        outbox.publish(worker.data / "web.sqlite", UNIT, "notices", b'{"texts":{"fr":"Bonjour"}}')
        eventually(lambda: unit.documents != [])
        assert unit.documents == [
            Document(kind="notices", revision=1, unit=UNIT, body={"texts": {"fr": "Bonjour"}})
        ]


def test_what_came_by_a_connection_that_is_gone_is_not_confirmed_on_the_next() -> None:
    class Connection:
        confirmed: list[int]

        def __init__(self) -> None:
            self.confirmed = []

        def ack(self, number: int, _qos: int) -> None:
            self.confirmed.append(number)

    gone, now = Connection(), Connection()
    source = MqttSource(Broker(), Settings())
    source._client = now  # type: ignore[assignment]
    source.confirm([Delivery("t", b"", (), (gone, 1)), Delivery("t", b"", (), (now, 2))])
    assert (gone.confirmed, now.confirmed) == ([], [2])


def test_a_second_worker_is_refused_in_one_sentence(worker: Worker) -> None:
    eventually(lambda: (worker.data / "ledger.lock").exists())
    command = [sys.executable, "-m", "federation.cli", "--config", str(worker.config), "ingest"]
    eventually(lambda: (worker.data / "ledger.sqlite").exists())
    second = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "written by another ingest already" in second.stderr
