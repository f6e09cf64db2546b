"""A broker, ingest and a simulated fleet for tests: real processes but for the fleet itself."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from appliance.config import Broker
from federation import config, reading
from federation.database import reading_ledger
from provisioning import issuing
from simulation import making
from simulation.clock import FleetClock
from simulation.fleet import Fleet
from simulation.making import Wanted
from simulation.papers import Papers
from simulation.shared import Shared
from simulation.vehicles import Vehicle
from simulation.weather import Outages
from tests.support import Mosquitto, eventually, write_toml
from tests.trusted import Trusted, put

NONE = Outages()


class Federation:
    """The receiving end, as its own command runs it."""

    def __init__(self, folder: Path, port: int, trusted: Trusted, *, kind: str = "mqtt") -> None:
        keys = trusted.federation(folder / "keys")
        keys["broker"].update(port=port, kind=kind, host="localhost")
        sections = {"store": {"data": folder / "federation"}, **keys}
        self.file = write_toml(folder / "federation.toml", sections)
        self._log = folder / "ingest.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts ingest and waits until it listens."""
        before = self._log.stat().st_size if self._log.exists() else 0
        command = [sys.executable, "-m", "federation.cli", "--config", str(self.file), "ingest"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log)
        eventually(
            lambda: b"receiving" in self._log.read_bytes()[before:], seconds=30, what="ingest"
        )

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stored(self) -> list[tuple[str, int, int]]:
        """(unit, epoch, seq) of every event in the ledger."""
        with reading_ledger(config.load(self.file).store) as ledger:
            return [(row.unit, row.epoch, row.seq) for row in reading.entries(ledger)]


def papers_of(folder: Path, trusted: Trusted, vehicles: Sequence[Vehicle]) -> Papers:
    """Certificates of a throw-away authority."""
    put(folder / "root.pem", issuing.pem(trusted.root.certificate))
    put(folder / "devices.pem", issuing.pem(trusted.devices.certificate))
    put(folder / "statement", trusted.statement())
    papers = Papers(folder)

    def issue(unit, key):  # type: ignore[no-untyped-def]
        life = timedelta(days=9)
        return issuing.issue_client(trusted.devices, key, unit, trusted.now, life)

    papers.enrol([vehicle.unit for vehicle in vehicles], issue)
    return papers


def shared_of(papers: Papers, port: int, *, speed: float = 1.0, outages: Outages = NONE) -> Shared:
    """What they have in common; reconnections are quick."""
    clock = FleetClock(speed=speed)
    broker = Broker(host="localhost", port=port)
    dice = random.Random(3)
    chance = lambda: dice.random() * 0.05  # noqa: E731
    return Shared(broker, papers, clock, 1, clock.utc(), chance, outages, Counter[str]())


def fleet_of(shared: Shared, vehicles: Sequence[Vehicle], wanted: Wanted) -> Fleet:
    """All of them, to be stepped."""
    return Fleet(making.units(shared, vehicles, wanted), ramp=500, now=time.monotonic())


def until(fleet: Fleet, condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Steps the fleet until it is so."""
    limit = time.monotonic() + seconds
    while not condition():
        fleet.step(time.monotonic())
        assert time.monotonic() < limit, (fleet.online, fleet.backlog)


@contextmanager
def receiving(folder: Path) -> Iterator[tuple[Trusted, Mosquitto, Federation]]:
    """An authority, a broker and ingest that listens to it."""
    trusted = Trusted()
    with Mosquitto(folder / "broker", trusted=trusted) as broker:
        federation = Federation(folder, broker.port, trusted)
        federation.start()
        try:
            yield trusted, broker, federation
        finally:
            federation.kill()
