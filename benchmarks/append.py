"""Touch to durable: one event on the card, against the disk itself and against peers.

Every round appends once by each way, in a turning order, so that a slow moment of the disk is
shared by all. Ratios are of medians; the spread is that of the ratios of ten parts of the run.
"""

import argparse
import importlib.util
import json
import logging
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlite_utils import Database

from appliance.clock import BootClock
from appliance.journal import Journal, schema
from protocol import sealing
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp

FRAME = 4120
"""Bytes: one frame of SQLite's log at its usual page size."""
PLACES = 100
"""Frames that the in-place yardstick writes over and over."""

Append = Callable[[int], None]


def touched(number: int) -> dict[str, object]:
    """What the screen knows when *Oui* is touched, not validated yet."""
    return {"number": number % 1000, "door": "logement", "theme": "logement", "people": 1}


def journal(folder: Path) -> Append:
    owner = Journal.open(folder / "screen.db", name="screen", clock=BootClock())

    def append(number: int) -> None:
        owner.append(msgspec.convert(touched(number), CheckedIn))

    return append


def sealed(folder: Path) -> Append:
    """A sign-up with its personal fields sealed to two keys, in the same transaction."""
    owner = Journal.open(folder / "sealed.db", name="sealed", clock=BootClock())
    recipients = [X25519PrivateKey.generate().public_key() for _ in range(2)]
    person = {"first_name": "Aïcha", "phone": "06 12 34 56 78"}

    def append(number: int) -> None:
        event = SignedUp(workshop="cv", number=number % 1000)
        owner.append_sealed(
            event, lambda key: sealing.seal(person, recipients, sealing.Binding("van-x", key))
        )

    return append


def bare(folder: Path) -> Append:
    """Appends a frame to a file that grows."""
    descriptor = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT)
    frame = os.urandom(FRAME)

    def append(number: int) -> None:
        os.write(descriptor, frame)
        os.fdatasync(descriptor)

    return append


def in_place(folder: Path) -> Append:
    """Writes a frame where one was before: the least that a disk can be asked."""
    descriptor = os.open(folder / "place", os.O_WRONLY | os.O_CREAT)
    frame = os.urandom(FRAME)
    os.write(descriptor, frame * PLACES)
    os.fsync(descriptor)

    def append(number: int) -> None:
        os.pwrite(descriptor, frame, number % PLACES * FRAME)
        os.fdatasync(descriptor)

    return append


def bare_sqlite(folder: Path) -> Append:
    """The journal's own file and settings, and nothing but the INSERT: no event, no chain."""
    Journal.open(folder / "bare.db", name="bare", clock=BootClock()).close()
    connection = schema.connect(folder / "bare.db").conn
    body, digest = b'{"number":999,"door":"logement","theme":"logement"}', bytes(8)
    insert = "INSERT INTO event VALUES (NULL, ?, ?, 1, ?, NULL, 0, 0, ?, NULL, NULL)"

    def append(number: int) -> None:
        connection.execute(insert, ("visit.checked_in", body, number, digest))

    return append


def sqlite_utils_defaults(folder: Path) -> Append:
    table = Database(folder / "defaults.db")["event"]

    def append(number: int) -> None:
        body = {"type": "visit.checked_in", "at": time.time(), "body": json.dumps(touched(number))}
        table.insert(body)

    return append


def thingsboard(folder: Path) -> Append:
    """thingsboard-gateway's SQLite storage: its threads write after it has said yes."""
    from thingsboard_gateway.storage.sqlite.sqlite_event_storage import SQLiteEventStorage

    log = logging.getLogger("peer")
    log.trace = log.debug  # type: ignore[attr-defined]
    storage = SQLiteEventStorage({"data_file_path": f"{folder}/peer.db"}, log, threading.Event())

    def append(number: int) -> None:
        storage.put(json.dumps(touched(number)))

    return append


SEALED = "journal, sealed"
WAYS: dict[str, Callable[[Path], Append]] = {
    "journal": journal,
    SEALED: sealed,
    "bare append": bare,
    "in place": in_place,
    "bare sqlite3": bare_sqlite,
    "sqlite-utils defaults": sqlite_utils_defaults,
}
PEER = "thingsboard-gateway"


def interleaved(ways: dict[str, Append], rounds: int) -> dict[str, list[float]]:
    """Microseconds of each append, by way."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    order = list(ways)
    for number in range(rounds):
        order.append(order.pop(0))
        for name in order:
            begin = time.perf_counter()
            ways[name](number)
            times[name].append((time.perf_counter() - begin) * 1e6)
    return times


def turns(folder: Path, names: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """The same, of ways by their names, each in a fresh file; prints the median and the 99th."""
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        times = interleaved({name: WAYS[name](Path(fresh)) for name in names}, rounds)
    for name, values in times.items():
        p50, p99 = statistics.median(values), statistics.quantiles(values, n=100)[98]
        print(f"{name:22} p50 {p50:6.0f} µs  p99 {p99:6.0f} µs")
    return times


def ratio(
    times: dict[str, list[float]], other: str, one: str = "journal"
) -> tuple[float, float, float]:
    """Of the medians; lowest and highest over ten parts of the run."""
    size = len(times[one]) // 10
    parts = [
        statistics.median(times[one][start : start + size])
        / statistics.median(times[other][start : start + size])
        for start in range(0, size * 10, size)
    ]
    whole = statistics.median(times[one]) / statistics.median(times[other])
    return whole, min(parts), max(parts)


def cost(name: str, folder: Path, count: int) -> tuple[float, float]:
    """Syncs and bytes written to the disk per event, of one way alone in its own process."""
    trace = folder / "trace"
    counted = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(trace)]
    alone = [sys.executable, "-m", "benchmarks.append", "--alone", name, "--rounds", str(count)]
    run = [*alone, "--folder", str(folder)]
    ended = subprocess.run(run, capture_output=True, text=True, check=False)
    written = float(ended.stdout)
    if shutil.which("strace") is None:
        return float("nan"), written
    subprocess.run([*counted, *run], capture_output=True, check=False)
    return len(trace.read_text().splitlines()) / count, written


def alone(name: str, folder: Path, rounds: int) -> None:
    """Prints the bytes per event that this process had written to the disk."""
    append = {**WAYS, PEER: thingsboard}[name](folder)
    append(0)
    before = written_so_far()
    for number in range(rounds):
        append(number)
    print((written_so_far() - before) / rounds, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def kept(folder: Path, name: str, count: int) -> int:
    """How many of so many confirmed events are there after a kill -9."""
    run = [sys.executable, "-m", "benchmarks.append", "--alone", name]
    run += ["--rounds", str(count), "--folder", str(folder)]
    subprocess.run(run, capture_output=True, check=False)
    tables = {"journal": ("screen.db", "event"), PEER: ("peer.db", "messages")}
    file, table = tables[name]
    database = Database(folder / file)
    return database[table].count - 1 if table in database.table_names() else 0


def written_so_far() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


def report(folder: Path, rounds: int) -> None:
    # Apart: what a peer leaves the disk busy with is no measure of the disk.
    limits = turns(folder, ("journal", "bare append", "in place", "bare sqlite3"), rounds)
    peers = turns(folder, ("journal", "sqlite-utils defaults"), rounds // 4)
    with_seal = turns(folder, ("journal", SEALED), rounds // 4)
    print("journal = {:.2f} × bare append ({:.2f}–{:.2f})".format(*ratio(limits, "bare append")))
    print("journal = {:.2f} × in place ({:.2f}–{:.2f})".format(*ratio(limits, "in place")))
    for way in ("journal", "bare sqlite3"):
        reached = 1 / ratio(limits, "in place", way)[0]
        print(f"{way} reaches {reached:.2f} × the in-place limit")
    peer = "sqlite-utils defaults"
    print("{} = {:.2f} × journal ({:.2f}–{:.2f})".format(peer, *ratio(peers, "journal", peer)))
    print(
        "{} = {:.2f} × journal ({:.2f}–{:.2f})".format(SEALED, *ratio(with_seal, "journal", SEALED))
    )
    for name in ("journal", SEALED, "sqlite-utils defaults"):
        with tempfile.TemporaryDirectory(dir=folder) as fresh:
            syncs, written = cost(name, Path(fresh), 2000)
        print(f"{name}: {syncs:.3f} syncs and {written / 1000:.1f} kB written per event")
    peers = ("journal", PEER) if importlib.util.find_spec("thingsboard_gateway") else ("journal",)
    for name in peers:
        with tempfile.TemporaryDirectory(dir=folder) as fresh:
            print(f"{name}: {kept(Path(fresh), name, 1000)} of 1000 confirmed kept by a kill -9")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4000)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp"), help="on a real disk")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        alone(options.alone, options.folder, options.rounds)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        report(Path(folder), options.rounds)


if __name__ == "__main__":
    main()
