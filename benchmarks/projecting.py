"""What the tables for reading cost beside ingest: per event, per turn, and made again from nothing.

The same days of made-up units are stored and then projected: in one go, as after an upgrade, and
day by day, as they come. Storing alone, without broker or signatures, is shown beside it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.days import MEASURED, Unit
from federation.config import Store
from federation.ledger import Ledger
from federation.places import Places
from federation.projections.basis import Basis
from federation.projections.projector import Projector
from federation.projections.rebuilding import rebuild
from protocol.batch import Batch, Header
from protocol.row import NO_DIGEST
from tests.postgresql import PostgreSQL

BASIS = Basis(lambda _unit: "Europe/Paris", Places(()), 3000.0)
NOW = 1_800_000_000_000
BUDGET = 0.05


def main() -> None:
    """Prints events a second of each way, and how long a turn was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--postgresql", action="store_true", help="one of its own, not a file")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    days = list(_days(options.units, options.days))
    events = sum(len(batch.rows) for batch in days)
    print(f"{events:,} events of {options.units} units and {options.days} days")
    for way in (_at_once, _as_they_come):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder)))
            address = None
            if options.postgresql:
                server = stack.enter_context(PostgreSQL())
                server.ask("CREATE DATABASE projecting")
                address = server.address("projecting")
            store = Store(data=folder, postgresql=address)
            way(stack.enter_context(closing(Ledger.open(store))), days, events)


def _at_once(ledger: Ledger, days: list[Batch], events: int) -> None:
    stored = Spent()
    for batch in days:
        with stored, ledger.transaction():
            ledger.store(batch, NOW)
    stored.say("stored alone", events)
    projector, turns = Projector(ledger.database, lambda: BASIS), Spent()
    _follow(projector, turns)
    turns.say("projected after all came", events)
    turns.say_turns()
    again = Spent()
    with again:
        rebuild(ledger.database, BASIS)
    again.say("made again by rebuild", events)
    (rows,) = ledger.database.execute("SELECT count(*) FROM aggregate").fetchone()
    (visits,) = ledger.database.execute("SELECT count(*) FROM visit").fetchone()
    print(f"{visits:,} visits, {rows:,} sums")


def _as_they_come(ledger: Ledger, days: list[Batch], events: int) -> None:
    projector, turns, stored = Projector(ledger.database, lambda: BASIS), Spent(), Spent()
    for batch in days:
        with stored, ledger.transaction():
            ledger.store(batch, NOW)
        _follow(projector, turns)
    stored.say("stored as they came", events)
    turns.say("projected as they came", events)
    turns.say_turns()


def _follow(projector: Projector, turns: "Spent") -> None:
    more = True
    while more:
        with turns:
            more = projector.step(0.0, budget=BUDGET)


class Spent:
    """Time that some work took, by the wall and by this process alone."""

    def __init__(self) -> None:
        self.turns, self.cpu = list[float](), 0.0

    def __enter__(self) -> None:
        self._begin = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.turns.append(time.perf_counter() - self._begin[0])
        self.cpu += time.process_time() - self._begin[1]

    def say(self, what: str, events: int) -> None:
        """One line."""
        wall = sum(self.turns)
        print(
            f"{what:26} {events / wall:9,.0f} events/s  {wall / events * 1e6:7.1f} µs each,"
            f" {self.cpu / events * 1e6:6.1f} of them this process"
        )

    def say_turns(self) -> None:
        """How long they were."""
        worst = statistics.quantiles(self.turns, n=20)[-1]
        print(
            f"{'':26} {len(self.turns):,} turns, median"
            f" {statistics.median(self.turns) * 1000:.0f} ms, 95 % under {worst * 1000:.0f} ms,"
            f" longest {max(self.turns) * 1000:.0f} ms"
        )


def _days(units: int, days: int) -> Iterator[Batch]:
    """A batch a journal and day, as days go by."""
    lives = [Unit(seed, MEASURED[seed % len(MEASURED)]) for seed in range(1, units + 1)]
    start = 1_780_000_000_000
    for number in range(days):
        for seed, unit in enumerate(lives, 1):
            before = {name: len(journal.rows) for name, journal in unit.journals.items()}
            unit.live(1, start + number * 24 * 3_600_000)
            for name, journal in unit.journals.items():
                rows = journal.rows[before[name] :]
                if rows:
                    previous = journal.rows[before[name] - 1].digest if before[name] else NO_DIGEST
                    header = Header(
                        unit=f"van-{seed:03d}",
                        journal=name,
                        epoch=journal.epoch,
                        first=rows[0].seq,
                        last=rows[-1].seq,
                        previous=previous.hex(),
                    )
                    yield Batch(header, rows)


if __name__ == "__main__":
    main()
