"""Ingest, durable and receipted, against its own rate of only storing.

In turns, several times over: the same rows are handed by a real mosquitto over TLS to the real
ingest (verify, decode, ledger, signed receipt, PUBACK), and written alone into a ledger's table by
as many commits. Verifying and decoding alone are shown beside them. The broker holds everything
before ingest begins.
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding
from paho.mqtt.client import Client, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from benchmarks.days import MEASURED, Unit
from federation import config, ingest_keys, lines
from federation.config import Store
from federation.ingest import Ingest
from federation.ledger import Ledger
from federation.mqtt import MqttSource
from federation.signers import Signers
from protocol import batch, signing, topics
from protocol.row import NO_DIGEST, Row
from tests.support import Mosquitto, write_toml
from tests.trusted import Trusted

UNITS = 6
DAYS = 110
PER_BATCH = 400
"""Rows: what a unit with a backlog sends on a good link."""
TRUSTED = Trusted()
NAMES = [f"van-{number:03d}" for number in range(UNITS)]
KEYS = {name: TRUSTED.client(name)[0] for name in NAMES}


class Message(NamedTuple):
    """A batch as it travels, and what of it is signed."""

    unit: str
    header: batch.Header
    payload: bytes
    signed: bytes

    @property
    def context(self) -> str:
        """What is signed with it."""
        return f"{self.unit} {batch.properties(self.header)[0][1]}"


def main() -> None:
    """Prints rows a second of each, and the ratio to storing alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--rows", type=int, default=PER_BATCH, help="in each batch")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    mail = list(messages(options.rows))
    rows = sum(message.header.last - message.header.first + 1 for message in mail)
    ways = ("store only", "verify only", "decode only", "ingest")
    found: dict[str, list[float]] = {way: [] for way in ways}
    grouped: list[float] = []
    for number in range(options.rounds):
        with (
            tempfile.TemporaryDirectory(dir=options.folder) as folder,
            Mosquitto(Path(folder) / "broker", trusted=TRUSTED) as broker,
        ):
            seconds, commits = ingest(Path(folder), broker, mail)
            grouped.append(len(mail) / commits)
            found["ingest"].append(rows / seconds)
            found["store only"].append(rows / store_only(Path(folder), mail, commits))
            found["verify only"].append(rows / verify_only(mail))
            found["decode only"].append(rows / decode_only(mail))
        print(f"round {number + 1} of {options.rounds}", end="\r", flush=True)
    report(found, rows, len(mail), statistics.median(grouped))


def report(found: dict[str, list[float]], rows: int, count: int, group: float) -> None:
    """One line per way: the median, the spread, the ratio of the same round."""
    print(f"{rows:,} rows in {count} batches, {group:.1f} batches a commit")
    for name, rates in found.items():
        ratios = [rate / base for rate, base in zip(rates, found["store only"], strict=True)]
        print(
            f"{name:12} {statistics.median(rates):10,.0f} rows/s"
            f" ({min(rates):,.0f} to {max(rates):,.0f})"
            f"  {statistics.median(ratios):.2f}x ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    print("(aim: ingest 0.5x)")


def messages(per_batch: int) -> Iterator[Message]:
    """Batches of made-up units, those of one unit in order, units taking turns."""
    parts = [list(_of_unit(number, per_batch)) for number in range(UNITS)]
    for turn in range(max(map(len, parts))):
        yield from (part[turn] for part in parts if turn < len(part))


def _of_unit(number: int, per_batch: int) -> Iterator[Message]:
    name = NAMES[number]
    lived = Unit(seed=number + 1, profile=MEASURED[number % len(MEASURED)]).live(DAYS)
    for journal, kept in lived.journals.items():
        for start in range(0, len(kept.rows), per_batch):
            rows = kept.rows[start : start + per_batch]
            before = kept.rows[start - 1].digest if start else NO_DIGEST
            header = batch.Header(
                unit=name,
                journal=journal,
                epoch=kept.epoch,
                first=rows[0].seq,
                last=rows[-1].seq,
                previous=before.hex(),
            )
            yield _message(name, header, batch.encode(header, rows))


def _message(name: str, header: batch.Header, payload: bytes) -> Message:
    message = Message(name, header, payload, b"")
    signed = signing.sign(KEYS[name], "batch", message.context, payload)
    return message._replace(signed=signed)


def ingest(
    folder: Path, broker: Mosquitto, mail: Sequence[Message], postgresql: str | None = None
) -> tuple[float, int]:
    """Seconds from the first message to the last PUBACK, and how many commits it took."""
    settings = _settings(folder, broker.port, postgresql)
    welcome = MqttSource(settings.broker, settings.ingest)
    while not welcome.connections:
        welcome.receive(time.monotonic())
    welcome.receive(time.monotonic())
    welcome.close()
    publish(broker, mail)
    source = MqttSource(settings.broker, settings.ingest)
    ledger = Ledger.open(settings.store)
    secrets = ingest_keys.load(settings)
    _learn(ledger, secrets)
    work = Ingest(ledger, source, settings.store, secrets, utc=lambda: time.time_ns() // 10**6)
    while not source.connections:
        source.receive(time.monotonic())
    wanted = sum(message.header.last for message in _last_of_each(mail))
    commits, started = 0, time.perf_counter()
    while _stored(ledger) < wanted:
        work.step(time.monotonic())
        commits += 1
    seconds = time.perf_counter() - started
    work.close()
    return seconds, commits


def _settings(folder: Path, port: int, postgresql: str | None) -> config.FederationConfig:
    sections = TRUSTED.federation(folder / "keys")
    sections["broker"]["port"] = port
    sections["store"] = {"data": str(folder / "data")}
    if postgresql is not None:
        sections["store"]["postgresql"] = postgresql
    return config.load(write_toml(folder / "federation.toml", sections))


def _learn(ledger: Ledger, secrets: ingest_keys.IngestKeys) -> None:
    """What the births of the units would bring."""
    signers = Signers(ledger.database, secrets.authorities, secrets.revoked)
    with ledger.transaction():
        for name in NAMES:
            der = TRUSTED.issued[name].public_bytes(Encoding.DER)
            signers.learn(name, der, time.time_ns() // 10**6)


def _stored(ledger: Ledger) -> int:
    (total,) = ledger.database.execute("SELECT sum(stored_to) FROM epoch").fetchone()
    return total or 0


def _last_of_each(mail: Sequence[Message]) -> list[Message]:
    return list({(message.unit, message.header.epoch): message for message in mail}.values())


def publish(broker: Mosquitto, mail: Sequence[Message]) -> None:
    """Leaves everything with the broker."""
    client = Client(CallbackAPIVersion.VERSION2, "units", protocol=MQTTv5)
    client.tls_set_context(TRUSTED.tls(broker.folder, "units"))
    done, left = threading.Event(), len(mail)

    def published(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            done.set()

    client.on_publish = published
    client.connect(broker.host, broker.port)
    client.loop_start()
    for message in mail:
        told = Properties(PacketTypes.PUBLISH)
        told.UserProperty = batch.properties(message.header)
        client.publish(topics.up(message.unit, "batch"), message.signed, qos=1, properties=told)
    assert done.wait(60)
    client.disconnect()
    client.loop_stop()


def store_only(
    folder: Path, mail: Sequence[Message], commits: int, postgresql: str | None = None
) -> float:
    """Seconds to write the decoded rows into a fresh ledger's table, in as many commits."""
    ledger = Ledger.open(Store(data=folder / "alone", postgresql=postgresql))
    ready = [batch.decode(message.payload) for message in mail]
    size = -(-len(ready) // commits)
    boots = {
        (b.header.unit, row.boot_id): place
        for place, b in enumerate(ready)
        for row in b.rows
        if isinstance(row, Row)
    }
    values = [list(_plain(b, boots)) for b in ready]
    started = time.perf_counter()
    for start in range(0, len(values), size):
        with ledger.transaction():
            for part in values[start : start + size]:
                ledger.database.append("event", lines.COLUMNS, part)
    seconds = time.perf_counter() - started
    ledger.close()
    return seconds


def _plain(read: batch.Batch, boots: dict[tuple[str, str], int]) -> Iterator[tuple[object, ...]]:
    unit, epoch = read.header.unit, read.header.epoch
    for row in read.rows:
        assert isinstance(row, Row)
        yield (
            unit, epoch, row.seq, row.type, row.body, boots[unit, row.boot_id], row.boottime,
            row.utc, row.source, row.error, row.digest, 0,
        )  # fmt: skip


def verify_only(mail: Sequence[Message]) -> float:
    """Seconds to verify every signature."""
    keys = {name: signing.keyed(key.public_key()) for name, key in KEYS.items()}
    started = time.perf_counter()
    for message in mail:
        signing.verify(message.signed, "batch", message.context, keys[message.unit])
    return time.perf_counter() - started


def decode_only(mail: Sequence[Message]) -> float:
    """Seconds to decode everything."""
    started = time.perf_counter()
    for message in mail:
        batch.decode(message.payload)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
