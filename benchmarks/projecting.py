"""What the tables for reading cost beside ingest: per event, per turn, and made again from nothing.

The same days of made-up units are stored and then projected: in one go, as after an upgrade, and
day by day, as they come. Storing alone, without broker or signatures, is shown beside it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
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

BASIS = Basis(lambda _unit: "Europe/Paris", Places(()), 3000.0)
NOW = 1_800_000_000_000
BUDGET = 0.05


def main() -> None:
    """Prints events a second of each way, and how long a turn was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=12)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--postgresql", help="a connection string, instead of a file")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    days = list(_days(options.units, options.days))
    events = sum(len(batch.rows) for batch in days)
    print(f"{events:,} events of {options.units} units and {options.days} days")
    for way in (_at_once, _as_they_come):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            store = Store(data=Path(folder), postgresql=options.postgresql)
            with closing(Ledger.open(store)) as ledger:
                _empty(ledger)
                way(ledger, days, events)


def _at_once(ledger: Ledger, days: list[Batch], events: int) -> None:
    begin = time.perf_counter()
    for batch in days:
        with ledger.transaction():
            ledger.store(batch, NOW)
    _say("stored alone", events, time.perf_counter() - begin)
    projector, turns = Projector(ledger.database, lambda: BASIS), list[float]()
    _follow(projector, turns)
    _say("projected after all came", events, sum(turns))
    _say_turns(turns)
    begin = time.perf_counter()
    rebuild(ledger.database, BASIS)
    _say("made again by rebuild", events, time.perf_counter() - begin)
    (rows,) = ledger.database.execute("SELECT count(*) FROM aggregate").fetchone()
    (visits,) = ledger.database.execute("SELECT count(*) FROM visit").fetchone()
    print(f"{visits:,} visits, {rows:,} sums")


def _as_they_come(ledger: Ledger, days: list[Batch], events: int) -> None:
    projector, turns, stored = Projector(ledger.database, lambda: BASIS), list[float](), 0.0
    for batch in days:
        begin = time.perf_counter()
        with ledger.transaction():
            ledger.store(batch, NOW)
        stored += time.perf_counter() - begin
        _follow(projector, turns)
    _say("stored as they came", events, stored)
    _say("projected as they came", events, sum(turns))
    _say_turns(turns)


def _follow(projector: Projector, turns: list[float]) -> None:
    more = True
    while more:
        begin = time.perf_counter()
        more = projector.step(0.0, budget=BUDGET)
        turns.append(time.perf_counter() - begin)


def _say(what: str, events: int, seconds: float) -> None:
    each = seconds / events * 1e6
    print(f"{what:26} {events / seconds:10,.0f} events/s  {each:8.1f} µs each")


def _say_turns(turns: list[float]) -> None:
    worst = statistics.quantiles(turns, n=20)[-1] if len(turns) > 1 else turns[0]
    print(
        f"{'':26} {len(turns):,} turns, median {statistics.median(turns) * 1000:.0f} ms,"
        f" 95 % under {worst * 1000:.0f} ms, longest {max(turns) * 1000:.0f} ms"
    )


def _empty(ledger: Ledger) -> None:
    for (unit,) in ledger.database.execute("SELECT DISTINCT unit FROM event").fetchall():
        raise SystemExit(f"this database knows {unit} already: give an empty one")


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
