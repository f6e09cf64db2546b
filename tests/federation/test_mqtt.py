"""Ingest at a real broker: TLS, sessions, PUBACK after commit, receipts, a broker that forgets."""

import shutil
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

from federation import cli, config, reading
from federation.config import Broker, Store
from federation.config import Ingest as Settings
from federation.database import reading_ledger
from federation.mqtt import MqttSource
from federation.source import Delivery
from protocol import topics
from protocol.messages import Document, Receipt
from tests.support import Mosquitto, eventually, write_toml
from tests.trusted import Trusted, pem, put

from .bench import link, numbers, read_document, read_receipt
from .van import TRUSTED, UNIT, Van


class Line:
    """A unit's line to the broker: what it published, what came down."""

    def __init__(self, broker: Mosquitto, unit: str = UNIT) -> None:
        self.unit = unit
        self.receipts: list[Receipt] = []
        self.documents: list[Document] = []
        self._client = Client(CallbackAPIVersion.VERSION2, unit, protocol=MQTTv5)
        self._client.tls_set_context(TRUSTED.tls(broker.folder, unit))
        self._client.on_message = lambda _c, _d, message: self._heard(message)
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect("127.0.0.1", broker.port)
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
            self.receipts.append(read_receipt(self.unit, payload))
        else:
            kind = topic.rpartition("/")[2]
            self.documents.append(read_document(self.unit, kind, payload))


@contextmanager
def line(broker: Mosquitto) -> Iterator[Line]:
    made = Line(broker)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def born(broker: Mosquitto) -> Iterator[Line]:
    """The line of a unit whose birth was answered."""
    with line(broker) as made:
        made.say(link(), retain=True)
        eventually(lambda: made.receipts)
        yield made


def configuration(folder: Path, port: int, **broker: object) -> Path:
    """The file of a federation that may connect to this broker."""
    sections = TRUSTED.federation(folder / "keys")
    sections["broker"].update(port=port, **broker)
    sections["store"] = {"data": str(folder / "data")}
    return write_toml(folder / "federation.toml", sections)


class Worker:
    """`escale-federation ingest` as a process."""

    def __init__(
        self,
        folder: Path,
        port: int,
        *,
        program: str = "federation.cli",
        settings: Path | None = None,
    ) -> None:
        self._program = program
        self.data = folder / "data"
        self.config = settings or configuration(folder, port)
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

    def wait(self) -> int:
        """It ends by itself."""
        assert self._process is not None
        return self._process.wait(30)

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
        with reading_ledger(Store(data=self.data)) as reader:
            return numbers([row.body for row in reading.entries(reader) if row.body is not None])


@pytest.fixture
def worker(broker: Mosquitto, tmp_path: Path) -> Iterator[Worker]:
    with Worker(tmp_path, broker.port) as made:
        made.start()
        yield made


def test_a_batch_is_stored_and_receipted_over_a_real_broker(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(100)
    with born(broker) as unit:
        unit.say(van.delivery(1, 100))
        eventually(lambda: unit.stored_to() == 100)
    assert worker.facts() == list(range(1, 101))
    assert worker.end() == 0


def test_what_was_sent_while_ingest_was_away_is_waiting_for_it(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(100)
    with born(broker) as unit:
        worker.end()
        unit.say(van.delivery(1, 50))
        unit.say(van.delivery(51, 100))
        worker.start()
        eventually(lambda: unit.stored_to() == 100)


def test_a_lost_ledger_learns_certificates_again_and_takes_what_waited(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(100)
    with born(broker) as unit:
        worker.end()
        # The session gives this batch before the subscription gives the retained birth.
        unit.say(van.delivery(1, 100))
        shutil.rmtree(worker.data)
        worker.start()
        eventually(lambda: unit.stored_to() == 100)
    assert worker.facts() == list(range(1, 101))


def test_a_forged_batch_at_a_real_broker_is_answered_by_nothing(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(20)
    with born(broker) as unit:
        true = van.delivery(1, 10)
        unit.say(true._replace(payload=true.payload[:-1]))
        unit.say(van.delivery(11, 20))
        eventually(lambda: worker.facts() == list(range(11, 21)))
        assert unit.stored_to() == 0
        unit.say(true)
        eventually(lambda: unit.stored_to() == 20)
    assert "not authentic: its signature is wrong" in worker.log.read_text()


def test_ingest_gives_receipts_when_it_starts(broker: Mosquitto, worker: Worker) -> None:
    with born(broker) as unit:
        worker.end()
        worker.start()
        eventually(lambda: len(unit.receipts) == 2)


def test_a_broker_that_was_killed_and_wiped_costs_nothing(
    broker: Mosquitto, worker: Worker
) -> None:
    van = Van().notes(60)
    for first in (1, 31):
        with born(broker) as unit:
            unit.say(van.delivery(1, first + 29))
            eventually(lambda unit=unit, last=first + 29: unit.stored_to() == last)
        broker.kill()
        broker.wipe()
        broker.start()
    with born(broker) as unit:
        eventually(lambda: unit.stored_to() == 60)
    assert worker.facts() == list(range(1, 61))


def test_a_document_published_on_the_command_line_reaches_the_unit(
    broker: Mosquitto, worker: Worker, tmp_path: Path
) -> None:
    with born(broker) as unit:
        file = tmp_path / "notice.json"
        file.write_text('{"texts":{"fr":"Bonjour"}}', encoding="utf-8")
        cli.main(["--config", str(worker.config), "publish", "notice", str(file), "--all"])
        eventually(lambda: unit.documents != [])
    (document,) = unit.documents
    assert (document.kind, document.revision, document.unit) == ("notices", 1, UNIT)
    assert document.body == {"texts": {"fr": "Bonjour"}}


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


class TestTrust:
    """Whom ingest takes for its broker, and what it says when it is not taken in."""

    def said(
        self, folder: Path, port: int, caplog: pytest.LogCaptureFixture, **broker: object
    ) -> str:
        """Its first warning; fails when it gets in."""
        settings = config.load(configuration(folder, port, **broker))
        source = MqttSource(settings.broker, settings.ingest)
        now = iter(range(10_000))
        eventually(lambda: not source.receive(next(now)) and caplog.records)
        assert source.connections == 0
        source.close()
        (warning,) = (record.getMessage() for record in caplog.records)
        return warning

    def test_a_broker_of_another_root_is_no_broker(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Mosquitto(tmp_path / "broker", trusted=Trusted()) as impostor:
            said = self.said(tmp_path, impostor.port, caplog)
        assert "its certificate is not good: unable to get local issuer certificate" in said

    def test_a_broker_of_another_name_is_no_broker(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Mosquitto(tmp_path / "broker", trusted=TRUSTED, host="0.0.0.0") as broker:
            said = self.said(tmp_path, broker.port, caplog, host="127.0.0.2")
        assert "is not good: IP address mismatch" in said

    def test_a_unit_that_plays_broker_is_none(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Mosquitto(tmp_path / "broker", trusted=TRUSTED) as broker:
            broker.stop()
            key, chain = TRUSTED.client("localhost")
            put(broker.folder / "broker.pem", chain)
            put(broker.folder / "broker-key.pem", pem(key))
            broker.start()
            said = self.said(tmp_path, broker.port, caplog, host="localhost")
        assert "its certificate is not good: " in said

    def test_a_broker_without_tls_is_none(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Mosquitto(tmp_path / "broker", trusted=None) as plain:
            assert "no broker at" in self.said(tmp_path, plain.port, caplog)

    def test_a_certificate_that_the_broker_refuses_is_told(
        self, broker: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        other = Trusted().federation(tmp_path / "other")["broker"]
        mine = {"certificate": other["certificate"], "key": other["key"]}
        assert "it may refuse this certificate" in self.said(tmp_path, broker.port, caplog, **mine)

    def test_a_renewed_certificate_is_used_at_the_next_connection(
        self, broker: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        path = configuration(tmp_path, broker.port)
        settings = config.load(path)
        before = (tmp_path / "keys" / "key.pem").read_bytes()
        put(tmp_path / "keys" / "key.pem", pem(TRUSTED.client("service-ingest")[0]))
        source = MqttSource(settings.broker, settings.ingest)
        now = iter(range(10_000))
        eventually(lambda: not source.receive(next(now)) and caplog.records)
        assert "is not that of the certificate" in caplog.text
        put(tmp_path / "keys" / "key.pem", before)
        eventually(lambda: not source.receive(next(now)) and source.connections == 1)
        source.close()


def test_a_session_leaves_the_partitions_it_had_before(broker: Mosquitto, tmp_path: Path) -> None:
    broker_settings = config.load(configuration(tmp_path, broker.port)).broker
    number = topics.partition(UNIT)
    now = iter(range(100_000))
    for partitions, heard in ((range(16), 1), ({*range(16)} - {number}, 0), ((number,), 1)):
        source = MqttSource(broker_settings, Settings(partitions=tuple(partitions)))
        eventually(lambda source=source: not source.receive(next(now)) and source.connections)
        source.receive(next(now))
        with line(broker) as unit:
            unit.say(Van().notes(1).delivery(1, 1))
        found = [d for _ in range(3) for d in source.receive(next(now))]
        source.confirm(found)
        source.receive(next(now))
        source.close()
        assert len(found) == heard
