"""Ingest into PostgreSQL, durable and receipted, against COPY straight into the keyed table.

As benchmarks.ingest, with a PostgreSQL of its own that is as durable as it comes. In turns: the
whole of ingest, and the same rows alone copied into the ledger's table in as many commits.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from benchmarks.ingest import PER_BATCH, TRUSTED, ingest, messages, store_only
from tests.postgresql import PostgreSQL
from tests.support import Mosquitto


def main() -> None:
    """Prints rows a second of each, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=PER_BATCH, help="in each batch")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    mail = list(messages(options.rows))
    rows = sum(message.header.last - message.header.first + 1 for message in mail)
    found: dict[str, list[float]] = {"direct keyed COPY": [], "ingest": []}
    grouped: list[float] = []
    with PostgreSQL(durable=True, parent=options.folder) as server:
        for number in range(options.rounds):
            with (
                tempfile.TemporaryDirectory(dir=options.folder) as folder,
                Mosquitto(Path(folder) / "broker", trusted=TRUSTED) as broker,
            ):
                address = server.fresh()
                seconds, commits = ingest(Path(folder), broker, mail, address)
                grouped.append(len(mail) / commits)
                found["ingest"].append(rows / seconds)
                alone = server.fresh()
                seconds = store_only(Path(folder), mail, commits, alone)
                found["direct keyed COPY"].append(rows / seconds)
                server.drop(address)
                server.drop(alone)
            print(f"round {number + 1} of {options.rounds}", end="\r", flush=True)
    print(f"{rows:,} rows in {len(mail)} batches, {statistics.median(grouped):.1f} a commit")
    base = found["direct keyed COPY"]
    for name, rates in found.items():
        ratios = [rate / other for rate, other in zip(rates, base, strict=True)]
        print(
            f"{name:18} {statistics.median(rates):10,.0f} rows/s"
            f" ({min(rates):,.0f} to {max(rates):,.0f})"
            f"  {statistics.median(ratios):.2f}x ({min(ratios):.2f} to {max(ratios):.2f})"
        )
    print("(aim: ingest 0.75x)")


if __name__ == "__main__":
    main()
