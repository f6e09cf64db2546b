"""A backlog over a bad radio link, against one event per message with paho on the same link.

Loss is below TCP (tests/bad_link.py). The ledger is the real ingest, every batch receipted. A
link is used by what arrives at its far end, headers included, over what it could carry.
"""

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from appliance import config as settings
from appliance.uplink import wire
from benchmarks import backlog
from benchmarks.drain import envelope, ingest, wait_for_a_listener
from tests.bad_link import FEDERATION, UNIT, BadLink, as_on_a_pi, refused
from tests.support import Mosquitto
from tests.trusted import Trusted


class Case(NamedTuple):
    """A link, how much to send over it, and for how long at the most."""

    name: str
    rate: float
    rtt: float
    loss: float
    events: int
    seconds: float
    rounds: int


CASES = (
    Case("1 Mbit/s, 100 ms, 1 %", 1e6, 0.1, 0.01, 120_000, 10, 3),
    Case("200 kbit/s, 300 ms, 3 %", 200e3, 0.3, 0.03, 40_000, 14, 3),
    Case("1 Mbit/s, 100 ms, 40 %", 1e6, 0.1, 0.4, 40_000, 40, 1),
)


class Drained(NamedTuple):
    """What one draining did."""

    rate: float
    """Events receipted a second."""
    used: float
    """Share of the link."""
    resent: float
    """Share of the rows sent that had been sent before."""


def main() -> None:
    """Prints one paragraph per link."""
    why_not = refused()
    if why_not:
        sys.exit(f"this benchmark cannot run: {why_not}")
    for case in CASES:
        found: dict[str, list[Drained]] = {"bbr": [], "cubic": []}
        theirs, plain = [], []
        for seed in range(1, case.rounds + 1):
            with tempfile.TemporaryDirectory() as folder:
                for control in ("bbr", "cubic") if seed == 1 else ("bbr",):
                    found[control].append(drained(case, seed, Path(folder) / control, control))
                theirs.append(one_by_one(case, seed, Path(folder)))
                plain.append(plain_tcp(case, seed))
        report(case, found, theirs, plain)


def report(
    case: Case, found: dict[str, list[Drained]], theirs: list[float], plain: list[float]
) -> None:
    """Medians, with every round beside them."""

    def listed(values: list[float], form: str) -> str:
        return f"{statistics.median(values):{form}} ({', '.join(f'{v:{form}}' for v in values)})"

    print(f"\n{case.name}")
    print(f"  paho, one by one     {listed(theirs, ',.1f')} events/s, cubic")
    print(f"  a plain TCP flow     {listed(plain, '.1%')} of the link, cubic")
    for control, rounds in found.items():
        times = [mine.rate / other for mine, other in zip(rounds, theirs, strict=False)]
        print(f"  ours, {control}")
        print(f"    events/s receipted {listed([done.rate for done in rounds], ',.0f')}")
        print(f"    times one by one   {listed(times, ',.0f')}")
        print(f"    of the link        {listed([done.used for done in rounds], '.1%')}")
        print(
            f"    rows sent again    {listed([done.resent for done in rounds], '.1%')}", flush=True
        )


def drained(case: Case, seed: int, folder: Path, control: str) -> Drained:
    """Our uplink at one end, mosquitto and the ingest at the other.

    It asks for BBR itself; `cubic` is what a kernel gives that does not offer that.
    """
    trusted = Trusted()
    with (
        BadLink(rate=case.rate, rtt=case.rtt, loss=case.loss, seed=seed) as link,
        broker_at(link, folder / "broker", trusted) as broker,
    ):
        trusted.federation(folder / "keys")
        backlog.unit_with_backlog(folder, case.events, trusted, broker.port, host=FEDERATION)
        with link.at(FEDERATION):
            receiving = ingest(folder, broker.port, FEDERATION)
            wait_for_a_listener(trusted, folder, broker.port, FEDERATION)
        with link.at(UNIT):
            sending = child("uplink", str(folder / "unit.toml"), str(case.seconds), control)
        try:
            assert sending.stdout is not None
            sending.stdout.readline()
            before = link.counts()
            told = json.loads(sending.stdout.readline())
            after = link.counts()
        finally:
            sending.wait()
            receiving.terminate()
            receiving.wait()
    carried = 8 * (after["arrived"] - before["arrived"]) / (after["at"] - before["at"])
    return Drained(told["rate"], carried / case.rate, told["resent"])


def one_by_one(case: Case, seed: int, folder: Path) -> float:
    """Events a second that paho gets confirmed, 20 in flight, over TLS, no ledger behind."""
    trusted = Trusted()
    trusted.federation(folder / "keys")
    with (
        BadLink(rate=case.rate, rtt=case.rtt, loss=case.loss, seed=seed) as link,
        broker_at(link, folder / "broker", trusted) as broker,
    ):
        with link.at(UNIT):
            told = (str(broker.port), str(case.seconds / 2), str(folder / "keys"))
            sending = child("one", *told)
        out, _ = sending.communicate()
        return float(json.loads(out)["rate"])


def plain_tcp(case: Case, seed: int) -> float:
    """Share of the link that one TCP connection with endless data uses."""
    with BadLink(rate=case.rate, rtt=case.rtt, loss=case.loss, seed=seed) as link:
        with link.at(FEDERATION):
            door = socket.create_server((FEDERATION, 5000))
        with link.at(UNIT):
            line = socket.create_connection((FEDERATION, 5000), timeout=60)
        as_on_a_pi(line)
        far, _ = door.accept()
        far.setblocking(False)
        line.setblocking(False)
        before, end = link.counts(), time.monotonic() + case.seconds / 2
        while time.monotonic() < end:
            for move in (lambda: line.send(bytes(4096)), lambda: far.recv(65536)):
                try:
                    move()
                except BlockingIOError:
                    time.sleep(0.005)
        after = link.counts()
        for end_point in (line, far, door):
            end_point.close()
    return 8 * (after["arrived"] - before["arrived"]) / (after["at"] - before["at"]) / case.rate


def broker_at(link: BadLink, folder: Path, trusted: Trusted) -> Mosquitto:
    """A broker at the federation's end; to be used in a `with`."""

    class There(Mosquitto):
        def start(self) -> Mosquitto:
            with link.at(FEDERATION):
                return super().start()

    return There(folder, trusted=trusted, host=FEDERATION)


def child(*arguments: str) -> "subprocess.Popen[bytes]":
    """A role of this module in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.link", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def run_uplink(path: str, seconds: str, control: str) -> None:
    """Says when the first receipt is there, and when the last row has left how it went.

    What comes before and after is a matter of round trips, not of the link's rate.
    """
    if control == "cubic":
        wire.CONGESTION = b"cubic"
    uplink = backlog.opened(settings.load(Path(path)))
    while not any(lane.window.watermark for lane in uplink.lanes):
        backlog.turn(uplink)
    print("sending", flush=True)
    start, waiting = time.monotonic(), uplink.lanes.backlog
    while any(lane.waiting for lane in uplink.lanes) and time.monotonic() - start < float(seconds):
        backlog.turn(uplink)
    took = time.monotonic() - start
    resent = sum(lane.window.resent for lane in uplink.lanes)
    rate = (waiting - uplink.lanes.backlog) / took
    print(json.dumps({"rate": rate, "resent": resent / uplink.sender.rows}), flush=True)


def run_one_by_one(port: str, seconds: str, keys: str) -> None:
    """paho as most use it."""
    payloads = [envelope(row.type, row.body, f"{row.seq:036x}") for row in backlog.events(2000)]
    confirmed = sent = 0

    def on_publish(*_: object) -> None:
        nonlocal confirmed
        confirmed += 1

    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.on_publish = on_publish
    client.connect_timeout = 60
    client.tls_set_context(backlog.client_tls(Path(keys)))
    client.on_socket_open = lambda _client, _data, line: as_on_a_pi(line)
    client.connect(FEDERATION, int(port))
    while not client.is_connected():
        client.loop(0.1)
    start = time.monotonic()
    while time.monotonic() - start < float(seconds):
        while sent - confirmed < 20:
            client.publish("vans/germaine/events", payloads[sent % len(payloads)], qos=1)
            sent += 1
        client.loop(0.5)
    print(json.dumps({"rate": max(confirmed, 1) / (time.monotonic() - start)}))


if __name__ == "__main__":
    roles = {"uplink": run_uplink, "one": run_one_by_one}
    if len(sys.argv) > 1:
        roles[sys.argv[1]](*sys.argv[2:])
    else:
        main()
