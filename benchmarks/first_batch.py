"""A million rows waiting: how soon the uplink starts, and the first batch leaves after CONNACK.

With nobody at the federation to give a receipt first, so the longest it can take.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from benchmarks import backlog
from benchmarks.million import fill
from tests.support import Mosquitto, unit_config
from tests.trusted import Trusted

UNIT = "van-germaine"


def main() -> None:
    """Prints seconds, with a million rows and with a hundred."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    for rows in (100, parser.parse_args().rows):
        trusted = Trusted()
        with (
            tempfile.TemporaryDirectory() as folder,
            Mosquitto(Path(folder) / "b", trusted=trusted) as broker,
        ):
            trusted.identity_of(UNIT, Path(folder) / "data")
            measure(Path(folder), rows, broker.port)


def measure(folder: Path, rows: int, port: int) -> None:
    """One line."""
    config = unit_config(folder, broker={"port": port})
    fill(config.paths.data / "screen.db", rows)
    start = time.monotonic()
    uplink = backlog.opened(config)
    while uplink.line.state != "up":
        backlog.turn(uplink)
    connected = time.monotonic()
    while not uplink.sender.rows:
        backlog.turn(uplink)
    sent = time.monotonic()
    uplink.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{rows:9,} rows waiting: connected {connected - start:.2f} s after the start, first batch "
        f"{sent - connected:.2f} s after CONNACK, {peak:.0f} MB at the most"
    )


if __name__ == "__main__":
    main()
