"""A fleet of simulated units over TLS: memory of its one process, and how soon all are there.

Short by default (400 units); `--full` for 2,400, `--units N` for any number.
"""

import argparse
import logging
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from appliance.config import Broker
from provisioning import issuing
from simulation import making, places, vehicles
from simulation.clock import FleetClock
from simulation.fleet import Fleet
from simulation.limits import raise_descriptors
from simulation.making import Wanted
from simulation.papers import Papers
from simulation.shared import Shared
from simulation.weather import Outages
from tests.support import Mosquitto, eventually, write_toml
from tests.trusted import Trusted, put

STATUS = Path("/proc/self/status")
RAMP = 400.0


def main() -> None:
    """Ramp, drain, a while of life, a storm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=400)
    parser.add_argument("--full", action="store_true", help="2,400 units")
    parser.add_argument("--seconds", type=float, default=5.0, help="of life before the storm")
    options = parser.parse_args()
    count = 2400 if options.full else options.units
    logging.getLogger("uplink").setLevel(logging.ERROR)  # or each unit tells of the storm
    raise_descriptors(count)
    with tempfile.TemporaryDirectory() as folder, _federation(Path(folder)) as (trusted, broker):
        before = memory()
        fleet, shared = _fleet(Path(folder), trusted, broker, count)
        print(f"{count} units over TLS 1.3, one process, one loop")
        began = time.monotonic()
        there = _until(fleet, lambda: fleet.online == count, 120)
        drained = _until(fleet, lambda: fleet.backlog == 0, 120)
        _until(fleet, lambda: False, options.seconds)
        print(f"all connected after {there:.1f} s; {shared.counts['rows receipted']} rows of the")
        print(f"day so far receipted {drained:.1f} s later")
        held = memory()
        print(f"memory of the fleet's process: {held // 1024} MB in all, of which", end=" ")
        print(f"{(held - before) / count:.1f} KiB per unit; {before // 1024} MB without units")
        fleet.storm()
        _until(fleet, lambda: fleet.online == 0, 5)
        back = _until(fleet, lambda: fleet.online == count, 180)
        print(f"a storm: all connections broken at once; all back after {back:.1f} s")
        print(f"in all {time.monotonic() - began:.0f} s, {time.process_time():.1f} s of CPU")
        print(dict(shared.counts))
        fleet.close()


def _fleet(folder: Path, trusted: Trusted, port: int, count: int) -> tuple[Fleet, Shared]:
    papers = trusted_papers(folder / "papers", trusted)
    members = vehicles.many(count, places.FLEET, seed=1)
    papers.enrol(
        [member.unit for member in members],
        lambda unit, key: issuing.issue_client(
            trusted.devices, key, unit, trusted.now, timedelta(days=9)
        ),
    )
    clock = FleetClock()
    to = Broker(host="localhost", port=port)
    shared = Shared(to, papers, clock, 1, clock.utc(), random.random, Outages(), Counter[str]())
    units = making.units(shared, members, Wanted())
    return Fleet(units, ramp=RAMP, now=time.monotonic()), shared


def trusted_papers(folder: Path, trusted: Trusted) -> Papers:
    """The trust of a throw-away authority, as simulated units keep it."""
    put(folder / "root.pem", issuing.pem(trusted.root.certificate))
    put(folder / "devices.pem", issuing.pem(trusted.devices.certificate))
    put(folder / "statement", trusted.statement())
    return Papers(folder)


@contextmanager
def _federation(folder: Path) -> Iterator[tuple[Trusted, int]]:
    trusted = Trusted()
    with Mosquitto(folder / "broker", trusted=trusted) as broker:
        keys = trusted.federation(folder / "keys")
        keys["broker"]["port"] = broker.port
        store = {"data": folder / "federation"}
        path = write_toml(folder / "federation.toml", {"store": store, **keys})
        log = folder / "ingest.log"
        with log.open("wb") as out:
            command = [sys.executable, "-m", "federation.cli", "--config", str(path), "ingest"]
            ingest = subprocess.Popen(command, stderr=out)
        try:
            eventually(lambda: b"receiving" in log.read_bytes(), seconds=30, what=log.read_text())
            yield trusted, broker.port
        finally:
            ingest.terminate()
            ingest.wait()


def _until(fleet: Fleet, condition, seconds: float) -> float:
    began, look = time.monotonic(), 0.0
    while (now := time.monotonic()) - began < seconds:
        fleet.step(now)
        if now > look:
            look = now + 0.2
            if condition():
                break
    return time.monotonic() - began


def memory() -> int:
    """KiB that this process holds now."""
    lines = dict(line.split(":") for line in STATUS.read_text().splitlines())
    return int(lines["VmRSS"].split()[0])


if __name__ == "__main__":
    main()
