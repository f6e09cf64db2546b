"""A million rows waiting: does the journal still start, append and read as if there were none?

The same questions of an empty journal in the same run: the ratio is what the rows cost.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from appliance.clock import BootClock
from appliance.journal import Journal, JournalReader
from protocol.visits import CheckedIn

EVENT = CheckedIn(number=7, door="logement", theme="logement")


def fill(path: Path, rows: int) -> None:
    """Rows as they come, ten thousand to a transaction."""
    journal = Journal.open(path, name="screen", clock=BootClock())
    for start in range(0, rows, 10_000):
        with journal.atomic():
            for _ in range(start, min(start + 10_000, rows)):
                journal.append(EVENT)
    journal.close()


def ask(path: Path, appends: int) -> None:
    """In a process of its own; prints the answers on one line."""
    begin = time.perf_counter()
    journal = Journal.open(path, name="screen", clock=BootClock())
    start = time.perf_counter() - begin
    begin = time.perf_counter()
    with JournalReader.open(path) as reader:
        rows = reader.rows(0, limit_rows=500)
    first_read = time.perf_counter() - begin
    times = []
    for _ in range(appends):
        begin = time.perf_counter()
        journal.append(EVENT)
        times.append(time.perf_counter() - begin)
    journal.close()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
    print(start, first_read, p50, p99, memory, len(rows))


def answers(path: Path, appends: int) -> list[float]:
    run = [sys.executable, "-m", "benchmarks.million", "--ask", str(path)]
    told = subprocess.run(
        [*run, "--appends", str(appends)], check=True, capture_output=True, text=True
    ).stdout
    return [float(number) for number in told.split()]


def report(folder: Path, rows: int, appends: int) -> None:
    full, empty = folder / "full" / "screen.db", folder / "empty" / "screen.db"
    fill(full, rows)
    fill(empty, 1000)
    print(f"{rows} rows: {full.stat().st_size / 1e6:.0f} MB")
    names = ("start s", "first read s", "append p50 s", "append p99 s", "memory MB")
    # The first start after filling finds the disk's cache as the filling left it.
    for name, with_rows, without in zip(
        names, answers(full, appends), answers(empty, appends), strict=False
    ):
        print(f"{name:14} {with_rows:9.4f}   empty {without:9.4f}   {with_rows / without:6.2f} ×")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--appends", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        ask(options.ask, options.appends)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        report(Path(folder), options.rows, options.appends)


if __name__ == "__main__":
    main()
