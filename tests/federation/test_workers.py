"""Several ingest workers on one PostgreSQL: each its partitions, killed, moved, never two for one.

Real processes, a real broker. The units here hold their rows until they are receipted.
"""

import random
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from federation import reading
from federation.config import Store
from federation.database import reading_ledger
from protocol.topics import PARTITIONS, partition
from tests.postgresql import PostgreSQL
from tests.support import Mosquitto, eventually, write_toml

from .bench import link, numbers
from .stores import on_postgresql
from .test_mqtt import Line, Worker
from .van import TRUSTED, Van, certificate_of

pytestmark = [on_postgresql, pytest.mark.slow]

VANS = ("van-germaine", "van-simone", "van-paulette", "van-denise", "van-lucie", "van-marius")
FIRST, SECOND = tuple(range(8)), tuple(range(8, PARTITIONS))
ROWS = 30


class Fleet:
    """Vans at a broker, and the workers that receive them."""

    def __init__(self, store: Store, broker: Mosquitto, folder: Path) -> None:
        self.store, self.broker, self.folder = store, broker, folder
        self._ending = ExitStack()
        self.vans = {unit: Van(unit) for unit in VANS}
        self.lines = {unit: Line(broker, unit) for unit in VANS}
        for line in self.lines.values():
            self._ending.callback(line.close)
        self.count = 0

    def worker(self, name: str, partitions: tuple[int, ...]) -> Worker:
        """One that is started; its session at the broker is known by its name."""
        folder = self.folder / name
        sections = TRUSTED.federation(folder / "keys", name)
        sections["broker"]["port"] = self.broker.port
        sections["store"] = {"data": str(self.store.data), "postgresql": self.store.postgresql}
        sections["ingest"] = {"partitions": list(partitions)}
        settings = write_toml(folder / "federation.toml", sections)
        made = Worker(folder, self.broker.port, settings=settings)
        self._ending.enter_context(made)
        made.start()
        return made

    def are_born(self) -> None:
        """Every van says who it is, and is answered."""
        for unit, line in self.lines.items():
            line.say(link(unit, certificate=certificate_of(unit)), retain=True)
        eventually(lambda: all(line.receipts for line in self.lines.values()), seconds=30)

    def write_and_send(self) -> None:
        """Every van writes, and sends all that nobody receipted."""
        for van in self.vans.values():
            for _ in range(ROWS):
                self.count += 1
                van.note(self.count)
        self.send()

    def send(self) -> None:
        for unit, van in self.vans.items():
            for receipt in list(self.lines[unit].receipts):
                van.heard(receipt)
            if van.cursor < van.head:
                self.lines[unit].say(van.delivery(van.cursor + 1, van.head))

    def is_home(self) -> bool:
        """Whether everything is receipted; what is not is sent again."""
        self.send()
        return all(van.cursor == van.head for van in self.vans.values())

    def facts(self) -> list[int]:
        with reading_ledger(self.store) as database:
            bodies = [row.body for row in reading.entries(database) if row.body is not None]
        return numbers(bodies)

    def close(self) -> None:
        self._ending.close()


@pytest.fixture
def fleet(store: Store, broker: Mosquitto, tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(store, broker, tmp_path)
    yield made
    made.close()


def receives(worker: Worker) -> None:
    eventually(lambda: "receiving from" in worker.log.read_text(), seconds=30)


def test_two_workers_killed_over_and_over_lose_and_double_nothing(fleet: Fleet) -> None:
    assert {partition(unit) in FIRST for unit in VANS} == {True, False}
    workers = [fleet.worker("ingest-a", FIRST), fleet.worker("ingest-b", SECOND)]
    fleet.are_born()
    dice = random.Random(7)
    for turn in range(4):
        fleet.write_and_send()
        threading.Event().wait(dice.uniform(0, 0.1))
        workers[turn % 2].end(signal.SIGKILL)
        workers[turn % 2].start()
    eventually(fleet.is_home, seconds=60)
    assert fleet.facts() == list(range(1, fleet.count + 1))


def test_partitions_move_from_one_worker_to_another(fleet: Fleet) -> None:
    first, second = fleet.worker("ingest-a", FIRST), fleet.worker("ingest-b", SECOND)
    fleet.are_born()
    first.end()
    fleet.write_and_send()  # waits in the session of the one that had them
    second.end()
    swapped = fleet.worker("ingest-a", SECOND), fleet.worker("ingest-b", FIRST)
    for worker in swapped:
        receives(worker)
    fleet.write_and_send()
    eventually(fleet.is_home, seconds=60)
    assert fleet.facts() == list(range(1, fleet.count + 1))


def test_a_worker_whose_partition_another_has_is_refused_in_one_sentence(fleet: Fleet) -> None:
    receives(fleet.worker("ingest-a", FIRST))
    other = fleet.worker("ingest-b", (7, 8))
    eventually(lambda: "partition 7 of the ledger is written by another worker already" in (
        other.log.read_text()), seconds=30)  # fmt: skip
    assert other.log.read_text().count("\n") == 1


def test_a_database_that_dies_stops_ingest_with_a_sentence_and_loses_nothing(
    fleet: Fleet, server: PostgreSQL
) -> None:
    worker = fleet.worker("ingest-a", tuple(range(PARTITIONS)))
    fleet.are_born()
    fleet.write_and_send()
    server.kill()
    try:
        fleet.write_and_send()
        assert worker.wait() == 1
        told = worker.log.read_text()
        assert "Nothing was half-written" in told
        assert "Traceback" not in told
    finally:
        server.start()
    worker.start()
    eventually(fleet.is_home, seconds=60)
    assert fleet.facts() == list(range(1, fleet.count + 1))
