"""From publishing a batch to hearing its receipt, at 2,800 events a second.

The real ingest as a process, a real mosquitto over TLS, on SQLite and on PostgreSQL in turns. The
ledger has followed nothing before; what is read of it (federation/projections) follows meanwhile.
"""

import argparse
import itertools
import statistics
import tempfile
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks._fleet import TRUSTED, Batch, Line, Worker, batches, keyed, names, rows
from protocol.messages import Receipt
from protocol.topics import PARTITIONS
from tests.postgresql import PostgreSQL
from tests.support import Mosquitto, eventually

RATE = 2800
SIZE = 20
"""Rows in a batch."""


class Waiting:
    """When each batch was sent, until its receipt is heard."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[str, list[tuple[int, float]]] = {}
        self.took: list[float] = []

    def sent(self, one: Batch) -> None:
        with self._lock:
            self._sent.setdefault(one.unit, []).append((one.last, time.perf_counter()))

    def heard(self, unit: str, receipt: Receipt) -> None:
        now, stored = time.perf_counter(), max(e.stored_to for e in receipt.epochs.values())
        with self._lock:
            left = self._sent.get(unit, [])
            self.took += [now - at for last, at in left if last <= stored]
            self._sent[unit] = [line for line in left if line[0] > stored]


def main() -> None:
    """Prints the median, the 95th of a hundred and the longest, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    units = names(4)
    turns = int(options.seconds * RATE / SIZE / len(units)) + 1
    lived, keys = rows(turns * SIZE), keyed(units)
    parts = [list(batches(unit, keys[unit], lived, SIZE)) for unit in units]
    mail = list(itertools.chain.from_iterable(zip(*parts, strict=True)))
    found: dict[str, list[list[float]]] = {"sqlite": [], "postgresql": []}
    with PostgreSQL(durable=True, parent=options.folder) as server:
        for _ in range(options.rounds):
            for kind in found:
                found[kind].append(_run(server, options.folder, units, mail, kind))
    print(f"{RATE:,} events a second in batches of {SIZE}, {len(units)} units, one worker")
    for kind, runs in found.items():
        cuts = [statistics.quantiles(took, n=100) for took in runs]
        middle, late = [cut[49] * 1000 for cut in cuts], [cut[94] * 1000 for cut in cuts]
        longest = max(max(took) for took in runs) * 1000
        print(
            f"{kind:10} p50 {statistics.median(middle):.0f} ms,"
            f" p95 {statistics.median(late):.0f} ms ({min(late):.0f} to {max(late):.0f}),"
            f" longest {longest:.0f} ms"
        )
    print("(aim: p95 150 ms)")


def _run(
    server: PostgreSQL, where: Path, units: list[str], mail: list[Batch], kind: str
) -> list[float]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=where)))
        broker = stack.enter_context(Mosquitto(folder / "broker", trusted=TRUSTED))
        store: dict[str, object] = {"data": str(folder / "data")}
        if kind == "postgresql":
            store["postgresql"] = address = server.fresh()
            stack.callback(server.drop, address)
        worker = Worker(folder, broker.port, store, range(PARTITIONS), "w0")
        stack.callback(worker.close)
        line = stack.enter_context(closing(Line(broker, units)))
        line.are_born()
        waiting = Waiting()
        line.heard = waiting.heard
        started = time.perf_counter()
        for number, one in enumerate(mail):
            time.sleep(max(0.0, started + number * SIZE / RATE - time.perf_counter()))
            waiting.sent(one)
            line.say(one)
        eventually(lambda: len(waiting.took) == len(mail), seconds=60, what="all are answered")
        return waiting.took


if __name__ == "__main__":
    main()
