"""Trains the zstd dictionary of batches over made-up days. Refuses to change one that exists.

Run as `python -m tools.train_dictionary VERSION`, then set `DICTIONARY` in
protocol/compression.py. Profiles and seeds are others than those that the benchmarks measure.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import zstandard

import protocol
from benchmarks.days import DAY, TRAINING, Unit
from protocol.batch import Header, encode
from protocol.compression import LEVEL, decompress
from protocol.row import NO_DIGEST

SEEDS = range(1000, 1040)
DAYS = 8
BATCHES = (1, 5, 10, 20, 50, 100, 200)
"""Rows in one batch: small ones too, for they gain most."""
SIZE = 8 * 1024
"""Bytes. 16 KiB saves 3 % more on a batch of 100 rows and costs twice the start of each."""


def train(version: int) -> bytes:
    """The dictionary of this version; always the same with the same zstandard."""
    samples = [sample for seed in SEEDS for sample in _plain_batches(seed)]
    trained = zstandard.train_dictionary(SIZE, samples, dict_id=version, level=LEVEL, k=256, d=8)
    return bytes(trained.as_bytes())


def _plain_batches(seed: int) -> Iterator[bytes]:
    """What the batches of one unit hold before they are compressed."""
    choose = random.Random(seed)
    unit = Unit(seed, TRAINING[seed % len(TRAINING)])
    unit.live(DAYS, start=1_700_000_000_000 + (seed - SEEDS.start) * 40 * DAY)
    for name, journal in unit.journals.items():
        first, digest = 0, NO_DIGEST
        while rows := journal.rows[first : first + choose.choice(BATCHES)]:
            header = Header(
                unit=f"unit-{choose.randrange(1000)}",
                journal=name,
                epoch=journal.epoch,
                first=rows[0].seq,
                last=rows[-1].seq,
                previous=digest.hex(),
                version=protocol.__version__,
            )
            yield decompress(encode(header, rows))
            first, digest = first + len(rows), rows[-1].digest


def main() -> None:
    """Writes protocol/dictionaries/<version>.zdict."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", type=int)
    version = parser.parse_args().version
    path = Path(protocol.__file__).parent / "dictionaries" / f"{version}.zdict"
    trained = train(version)
    if path.exists() and path.read_bytes() != trained:
        sys.exit(f"{path} is another one and may be in use: give a version of its own")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(trained)
    print(f"{path}: {len(trained)} bytes")


if __name__ == "__main__":
    main()
