"""One, two and four ingest workers on one PostgreSQL whose commits take 50 ms more.

Real processes, a real mosquitto over TLS, units of all 16 partitions, all of whose batches the
broker has before the workers go on. What is measured: until every row is in the ledger; the tables
for reading wait meanwhile. A commit has 20 messages (_slow_ingest.py); the counts take turns.
"""

import argparse
import statistics
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks._fleet import (
    TRUSTED,
    Batch,
    Line,
    Worker,
    batches,
    eventually_within,
    keyed,
    names,
    rows,
)
from federation.config import Store
from federation.database import reading_ledger
from protocol.topics import PARTITIONS
from tests.postgresql import PostgreSQL
from tests.support import Mosquitto

COUNTS = (1, 2, 4)
SIZE = 50
"""Rows in a batch."""


def main() -> None:
    """Prints rows a second for each count, and the ratio to one worker of the same round."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batches", type=int, default=60, help="of each unit")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    units = names(1)
    kept, keys = rows(SIZE * options.batches), keyed(units)
    parts = [list(batches(unit, keys[unit], kept, SIZE)) for unit in units]
    mail = [one for turn in zip(*parts, strict=True) for one in turn]
    total = len(kept[1]) * len(units)
    found: dict[int, list[float]] = {count: [] for count in COUNTS}
    with PostgreSQL(durable=True, parent=options.folder) as server:
        for number in range(options.rounds):
            for count in COUNTS:
                seconds = _run(server, options.folder, units, mail, total, count)
                found[count].append(total / seconds)
            print(f"round {number + 1} of {options.rounds}", end="\r", flush=True)
    print(f"{total:,} rows in {len(mail)} batches of {SIZE}, {len(units)} units")
    for count, rates in found.items():
        ratios = [rate / one for rate, one in zip(rates, found[1], strict=True)]
        print(
            f"{count} workers {statistics.median(rates):10,.0f} rows/s"
            f" ({min(rates):,.0f} to {max(rates):,.0f})"
            f"  {statistics.median(ratios):.2f}x ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    print("(aim: 2 workers 1.8x, 4 workers 3.2x)")


def _run(
    server: PostgreSQL, where: Path, units: list[str], mail: list[Batch], total: int, count: int
) -> float:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=where)))
        broker = stack.enter_context(Mosquitto(folder / "broker", trusted=TRUSTED))
        address = server.fresh()
        stack.callback(server.drop, address)
        store = {"data": str(folder / "data"), "postgresql": address}
        share = PARTITIONS // count
        workers = []
        for number in range(count):
            mine = range(number * share, (number + 1) * share)
            worker = Worker(
                folder, broker.port, store, mine, f"w{number}", "benchmarks._slow_ingest"
            )
            stack.callback(worker.close)
            workers.append(worker)
        line = stack.enter_context(closing(Line(broker, units)))
        line.are_born()
        held = Store(data=folder / "data", postgresql=address)
        for worker in workers:
            worker.pause()
        for said in [line.say(one) for one in mail]:
            said.wait_for_publish(30)
        for worker in workers:
            worker.go_on()
        return eventually_within(120, lambda: _stored(held) == total)


def _stored(store: Store) -> int:
    with reading_ledger(store) as database:
        return int(database.execute("SELECT sum(stored_to) FROM epoch").fetchone()[0] or 0)


if __name__ == "__main__":
    main()
