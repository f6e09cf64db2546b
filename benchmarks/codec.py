"""What a batch costs to encode and decode, against whole JSON events with zstd, in one run."""

import statistics
import time
from collections.abc import Callable

import msgspec
import zstandard

from benchmarks.days import MEASURED, Unit
from benchmarks.wire import UNIT, Slice, as_json
from protocol.batch import Header, decode, encode

ROUNDS = 60


def ways(part: Slice) -> dict[str, Callable[[], object]]:
    """What is timed: name → one go at all the rows."""
    header = Header(
        unit=UNIT,
        journal=part.journal,
        epoch=part.epoch,
        first=part.rows[0].seq,
        last=part.rows[-1].seq,
        previous=part.previous.hex(),
    )
    payload = encode(header, part.rows)

    def json_there() -> bytes:
        rows = b"[" + b",".join([as_json(part, row) for row in part.rows]) + b"]"
        return zstandard.compress(rows, 3)

    said = json_there()
    return {
        "encode": lambda: encode(header, part.rows),
        "decode": lambda: decode(payload),
        "JSON + zstd": json_there,
        "and back": lambda: msgspec.json.decode(zstandard.decompress(said)),
    }


def timed(part: Slice) -> dict[str, list[float]]:
    """Microseconds of CPU per event of each way, one of each per round."""
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, way in ways(part).items():
            start = time.process_time_ns()
            way()
            spent = (time.process_time_ns() - start) / 1000 / len(part.rows)
            found.setdefault(name, []).append(spent)
    return found


def main() -> None:
    """Prints the table."""
    journal = Unit(5, MEASURED[0]).live(14).journals["screen"]
    print("microseconds of CPU per event: median (fastest-slowest tenth)")
    for count in (100, 500, 1000):
        rows = journal.rows[100 : 100 + count]
        part = Slice("screen", journal.epoch, journal.rows[99].digest, rows)
        cells = []
        for name, spent in timed(part).items():
            tenths = statistics.quantiles(spent, n=10)
            median = statistics.median(spent)
            cells.append(f"{name} {median:.2f} ({tenths[0]:.2f}-{tenths[-1]:.2f})")
        print(f"{count:5} rows: " + ", ".join(cells))


if __name__ == "__main__":
    main()
