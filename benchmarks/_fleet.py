"""What the benchmarks of several workers share: units of all partitions, their line, workers."""

import itertools
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding
from paho.mqtt.client import Client, MQTTMessage, MQTTMessageInfo, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from benchmarks.days import MEASURED, Unit
from protocol import batch, messages, signing, topics
from protocol.messages import Link, Receipt
from protocol.row import NO_DIGEST, Row
from tests.support import Mosquitto, eventually, write_toml
from tests.trusted import Trusted

TRUSTED = Trusted()
RECEIPTS = signing.keyed(TRUSTED.receipts.public_key())


class Batch(NamedTuple):
    """A batch as it travels."""

    unit: str
    last: int
    topic: str
    payload: bytes
    properties: list[tuple[str, str]]


def names(each: int) -> list[str]:
    """Units: so many of each partition, partitions taking turns."""
    held: list[list[str]] = [[] for _ in range(topics.PARTITIONS)]
    for number in itertools.count():
        unit = f"van-{number:05d}"
        mine = held[topics.partition(unit)]
        if len(mine) < each:
            mine.append(unit)
        if all(len(one) == each for one in held):
            return [unit for turn in zip(*held, strict=True) for unit in turn]
    raise AssertionError


def keyed(units: Sequence[str]) -> dict[str, object]:
    """A key and a certificate for each."""
    return {unit: TRUSTED.client(unit)[0] for unit in units}


def rows(count: int) -> tuple[int, list[Row]]:
    """The epoch and so many rows of one screen's journal, as a unit lives."""
    days = 30
    while True:
        journal = Unit(seed=3, profile=MEASURED[0]).live(days).journals["screen"]
        if len(journal.rows) >= count:
            return journal.epoch, journal.rows[:count]
        days *= 2


def batches(unit: str, key: object, lived: tuple[int, list[Row]], size: int) -> Iterator[Batch]:
    """A unit's journal, signed."""
    epoch, kept = lived
    for start in range(0, len(kept), size):
        part = kept[start : start + size]
        before = kept[start - 1].digest if start else NO_DIGEST
        header = batch.Header(
            unit=unit, journal="screen", epoch=epoch, first=part[0].seq, last=part[-1].seq,
            previous=before.hex(),
        )  # fmt: skip
        told = batch.properties(header)
        payload = batch.encode(header, part)
        signed = signing.sign(key, "batch", f"{unit} {told[0][1]}", payload)  # type: ignore[arg-type]
        yield Batch(unit, header.last, topics.up(unit, "batch"), signed, told)


class Line:
    """One connection that speaks for all units."""

    def __init__(self, broker: Mosquitto, units: Sequence[str]) -> None:
        self.units = units
        self.heard: Callable[[str, Receipt], None] = lambda _unit, _receipt: None
        self._client = Client(CallbackAPIVersion.VERSION2, "units", protocol=MQTTv5)
        self._client.tls_set_context(TRUSTED.tls(broker.folder, "units"))
        self._client.on_message = lambda _c, _d, message: self._arrived(message)
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *_: subscribed.set()
        self._client.connect(broker.host, broker.port)
        self._client.subscribe([(topics.down(unit, "receipt"), 1) for unit in units])
        self._client.loop_start()
        assert subscribed.wait(10)

    def are_born(self) -> None:
        """Every unit shows its certificate and is answered."""
        answered = set[str]()
        self.heard = lambda unit, _receipt: answered.add(unit)
        for unit in self.units:
            shown = TRUSTED.issued[unit].public_bytes(Encoding.DER)
            word = Link(online=True, boot_id="boot-1", certificate=shown)
            self._client.publish(topics.up(unit, "link"), messages.encode(word), qos=1)
        eventually(lambda: len(answered) == len(self.units), seconds=60, what="all are born")

    def say(self, one: Batch) -> MQTTMessageInfo:
        told = Properties(PacketTypes.PUBLISH)
        told.UserProperty = one.properties
        return self._client.publish(one.topic, one.payload, qos=1, properties=told)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _arrived(self, message: MQTTMessage) -> None:
        unit = message.topic.split("/")[3]
        payload = signing.verify(message.payload, "receipt", unit, RECEIPTS)
        self.heard(unit, messages.decode(payload, Receipt))


class Worker:
    """An ingest as a process, receiving when it is made."""

    def __init__(
        self, folder: Path, port: int, store: dict[str, object], partitions: Sequence[int],
        name: str, program: str = "federation.cli",
    ) -> None:  # fmt: skip
        sections = TRUSTED.federation(folder / name / "keys", name)
        sections["broker"]["port"] = port
        sections["store"], sections["ingest"] = store, {"partitions": list(partitions)}
        settings = write_toml(folder / name / "federation.toml", sections)
        self._log = folder / name / "log"
        command = [sys.executable, "-m", program, "--config", str(settings), "ingest"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log)
        eventually(self._receives, seconds=30, what=f"{name} receives")

    def pause(self) -> None:
        """Takes nothing for a while; the broker keeps it."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def _receives(self) -> bool:
        said = self._log.read_text()
        assert self._process.poll() is None, said
        return "receiving from" in said


def eventually_within(seconds: float, is_so: Callable[[], bool]) -> float:
    """Seconds until it is so, looked at every 5 ms."""
    started = time.perf_counter()
    while not is_so():
        assert time.perf_counter() - started < seconds, "it never came to be"
        time.sleep(0.005)
    return time.perf_counter() - started
