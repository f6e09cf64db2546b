"""Draining a backlog on the loopback: 100,000 events against one event per message with paho.

In turns, several times over, each side in a process of its own, over TLS, against a mosquitto:

- one by one: paho, QoS 1, 20 in flight, JSON of about 300 bytes, from memory, no ledger behind;
- sending side: journal → batches → broker, receipts from a stand-in that reads no payload;
- to the ledger: the same with the real ingest, each batch receipted after its commit.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.enums import CallbackAPIVersion

from appliance import config as settings
from appliance.journal import JournalReader
from benchmarks import backlog
from protocol import batch, closed_keys, messages, signing, topics
from protocol.messages import Link, Receipt, Stored
from tests.support import Mosquitto, write_toml
from tests.trusted import Trusted

EVENTS = 100_000
ONE_BY_ONE = 20_000
ROUNDS = 3
UNIT = "van-germaine"
Way = Callable[[Path, Mosquitto, Trusted], dict[str, float]]


def main() -> None:
    """Prints events a second of each, their ratios, and what a backlog costs in memory."""
    ways = ("one by one", "sending side", "to the ledger")
    found: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        found["one by one"].append(in_its_own_place(one_by_one))
        found["sending side"].append(in_its_own_place(lambda *place: with_peer(*place, stand_in)))
        found["to the ledger"].append(in_its_own_place(lambda *place: with_peer(*place, ingest)))
    report(found)


def in_its_own_place(way: Way) -> dict[str, float]:
    """Measures with a fresh broker: a session left in it would be given every message too."""
    trusted = Trusted()
    with (
        tempfile.TemporaryDirectory() as folder,
        Mosquitto(Path(folder) / "broker", trusted=trusted) as broker,
    ):
        trusted.federation(Path(folder) / "unit" / "keys")
        return way(Path(folder) / "unit", broker, trusted)


def one_by_one(folder: Path, broker: Mosquitto, _trusted: Trusted) -> dict[str, float]:
    """The usual way, in a process of its own."""
    return child("one", str(broker.port), str(folder / "keys"))


def report(found: dict[str, list[dict[str, float]]]) -> None:
    """One line per way: median and spread, how many times the first way, and CPU of the sender."""
    base = [told["rate"] for told in found["one by one"]]
    for name, rounds in found.items():
        rates = [told["rate"] for told in rounds]
        times = statistics.median(mine / other for mine, other in zip(rates, base, strict=True))
        cpu = statistics.median(told["cpu"] for told in rounds)
        spread = f"({min(rates):,.0f} to {max(rates):,.0f})"
        print(
            f"{name:14} {statistics.median(rates):9,.0f} events/s {spread:22} {times:5.1f}x"
            f"   sender {cpu:6.1f} us of CPU per event"
        )
    growth = max(told["growth"] for told in found["sending side"])
    print(f"memory with {EVENTS:,} waiting: {growth:.1f} MB more than with none")
    print("(aims: 20x sending side, 6x to the ledger, 10 MB)")


def with_peer(
    folder: Path,
    broker: Mosquitto,
    trusted: Trusted,
    peer: Callable[[Path, int], "subprocess.Popen[bytes]"],
) -> dict[str, float]:
    """Drains the backlog of a fresh unit to that peer."""
    config = backlog.unit_with_backlog(folder, 0, trusted, broker.port)
    running = None
    drain = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.drain", "uplink", str(folder / "unit.toml")],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
    )
    try:
        assert drain.stdout is not None
        assert drain.stdin is not None
        drain.stdout.readline()
        backlog.write(config, EVENTS)
        running = peer(folder, broker.port)
        wait_for_a_listener(trusted, folder, broker.port)
        drain.stdin.write(b"go\n")
        drain.stdin.flush()
        told: dict[str, float] = json.loads(drain.stdout.readline())
        return told
    finally:
        drain.communicate()
        if running is not None:
            running.terminate()
            running.wait()


def ingest(folder: Path, port: int, host: str = "localhost") -> "subprocess.Popen[bytes]":
    """The real thing, with a ledger of its own and a name no session is left of."""
    keys = folder / "keys"
    broker = {name: keys / f"{name}.pem" for name in ("root", "certificate", "key")}
    names = ("devices", "revoked", "documents", "receipts")
    path = write_toml(
        folder / "federation.toml",
        {
            "store": {"data": str(folder / "federation")},
            "broker": {"host": host, "port": port, **broker},
            "keys": {name: keys / f"{name}.pem" for name in names},
        },
    )
    command = [sys.executable, "-m", "federation.cli", "--config", str(path), "ingest"]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def stand_in(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """Answers each batch from the range in its properties: costs as little as can be."""
    command = [sys.executable, "-m", "benchmarks.drain", "answer", str(folder / "unit.toml")]
    return subprocess.Popen([*command, str(port)])


def wait_for_a_listener(trusted: Trusted, folder: Path, port: int, host: str = "localhost") -> None:
    """Until the broker has somebody to give a unit's words to."""
    codes: list[int] = []
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_publish = lambda _c, _u, _mid, code, _p: codes.append(code.value)
    # By a name of its own: the broker knows a session by the name in the certificate.
    client.tls_set_context(trusted.tls(folder, "looks-on"))
    client.connect(host, port)
    word = messages.encode(Link(online=False, boot_id="benchmark"))
    while not codes or codes[-1] != 0:
        if client.is_connected():
            client.publish(topics.up(UNIT, "link"), word, qos=1)
        client.loop(0.1)
    client.disconnect()


def child(*arguments: str) -> dict[str, float]:
    """What a process of its own measured."""
    command = [sys.executable, "-m", "benchmarks.drain", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def run_uplink(path: str) -> None:
    """Starts with nothing to send; after a word on stdin drains what is there then."""
    uplink = backlog.opened(settings.load(Path(path)))
    while uplink.line.state != "up":
        backlog.turn(uplink)
    for _ in range(100):
        uplink.step(time.monotonic())
    before = backlog.memory("VmRSS")
    backlog.forget_peak()
    print("ready", flush=True)
    sys.stdin.readline()
    while not uplink.sender.rows:
        backlog.turn(uplink)
    start, before_cpu = time.monotonic(), time.process_time()
    while uplink.lanes.backlog:
        backlog.turn(uplink)
    seconds, cpu = time.monotonic() - start, time.process_time() - before_cpu
    growth = (backlog.memory("VmHWM") - before) / 1024
    resent = sum(lane.window.resent for lane in uplink.lanes)
    uplink.close()
    told = {"rate": EVENTS / seconds, "cpu": 1e6 * cpu / EVENTS, "growth": growth, "resent": resent}
    print(json.dumps(told), flush=True)


def run_answer(path: str, port: str) -> None:
    """Receipts from the properties alone, with digests read from the journal beforehand."""
    config, keys = settings.load(Path(path)), Path(path).parent / "keys"
    key = closed_keys.read((keys / "receipts.pem").read_bytes())
    assert isinstance(key, Ed25519PrivateKey)
    with JournalReader.open(config.paths.data / "screen.db") as reader:
        known = dict(reader._connection.execute("SELECT id, digest FROM event"))

    def answer(client: mqtt.Client, _: object, message: mqtt.MQTTMessage) -> None:
        if topics.parse_up(message.topic).what != "batch":
            return
        claimed = batch.parse_properties(message.properties.UserProperty)
        told = Stored(stored_to=claimed.last, digest=known[claimed.last].hex())
        receipt = Receipt(epochs={str(claimed.epoch): told})
        signed = signing.sign(key, "receipt", UNIT, messages.encode(receipt))
        client.publish(topics.down(UNIT, "receipt"), signed, qos=1)

    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.tls_set_context(backlog.client_tls(keys))
    client.on_message = answer
    client.on_connect = lambda *_: client.subscribe(topics.all_up(topics.partition(UNIT)), qos=1)
    client.connect("localhost", int(port))
    client.loop_forever()


def run_one_by_one(port: str, keys: str) -> None:
    """The usual way: every event a message of its own, 20 of them unconfirmed."""
    rows = [(row, f"{row.seq:08x}-0000-4000-8000-000000000000") for row in backlog.events(2000)]
    payloads = [envelope(row.type, row.body, name) for row, name in rows]
    confirmed = sent = 0

    def on_publish(*_: object) -> None:
        nonlocal confirmed
        confirmed += 1

    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_publish = on_publish
    client.max_inflight_messages_set(20)
    client.tls_set_context(backlog.client_tls(Path(keys)))
    client.connect("localhost", int(port))
    while not client.is_connected():
        client.loop(0.1)
    start, before = time.monotonic(), time.process_time()
    while confirmed < ONE_BY_ONE:
        while sent < ONE_BY_ONE and sent - confirmed < 20:
            client.publish("vans/germaine/events", payloads[sent % len(payloads)], qos=1)
            sent += 1
        client.loop(1.0)
    rate = ONE_BY_ONE / (time.monotonic() - start)
    print(json.dumps({"rate": rate, "cpu": 1e6 * (time.process_time() - before) / ONE_BY_ONE}))


def envelope(type_name: str, body: bytes, name: str) -> bytes:
    """An event as CloudEvents in JSON, as most would send it."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": name,
            "source": "/vans/germaine",
            "type": type_name,
            "time": "2026-06-01T09:12:44.123Z",
            "datacontenttype": "application/json",
            "data": json.loads(body),
        }
    ).encode()


if __name__ == "__main__":
    roles = {"uplink": run_uplink, "answer": run_answer, "one": run_one_by_one}
    if len(sys.argv) > 1:
        roles[sys.argv[1]](*sys.argv[2:])
    else:
        main()
