"""Put, get, acknowledge 100,000 events: our journal and cursors against a gateway's storage.

The peer is thingsboard-gateway's SQLite storage, in turns with ours, when that package can be
imported; it says yes before anything is on disk. Ours is durable at every thousand, validated
and chained as it is on board, and read as the uplink reads it.
"""

import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event as Stop
from typing import Any

from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.uplink.cursors import Cursor, Memory
from benchmarks import backlog
from benchmarks.drain import envelope
from protocol import events

EVENTS = 100_000
GROUP = 1000
ROUNDS = 3


def main() -> None:
    """Prints the rates of both, by part."""
    ways: dict[str, Callable[[Path], tuple[float, float]]] = {"ours": ours}
    peer = gateway()
    if peer is None:
        print("thingsboard-gateway is not installed: ours alone")
    else:
        ways["thingsboard-gateway"] = peer
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            with tempfile.TemporaryDirectory() as folder:
                found[name].append(way(Path(folder)))
    for name, rounds in found.items():
        put, get = (statistics.median(part) for part in zip(*rounds, strict=True))
        whole = statistics.median(EVENTS / (first + second) for first, second in rounds)
        print(
            f"{name:20} put {EVENTS / put:9,.0f}/s   get and acknowledge {EVENTS / get:9,.0f}/s"
            f"   all {whole:9,.0f}/s"
        )


def ours(folder: Path) -> tuple[float, float]:
    """Seconds to put, seconds to get and acknowledge."""
    clock = SettableClock()
    screen = Journal.open(folder / "screen.db", name="screen", clock=clock)
    uplink = Journal.open(folder / "uplink.db", name="uplink", clock=clock)
    memory = Memory(uplink)
    made = [events.decode_body(row.type, row.body) for row in backlog.events(GROUP)]
    start = time.monotonic()
    for _ in range(EVENTS // GROUP):
        with screen.atomic():
            for event in made:
                screen.append(event)
    put, done = time.monotonic(), 0
    while done < EVENTS:
        with JournalReader.open(screen.path) as reader:
            rows = reader.rows(done, limit_rows=GROUP)
        done = rows[-1].seq
        memory.save([Cursor(screen.epoch, "screen", done, rows[-1].digest)])
    end = time.monotonic()
    screen.close()
    uplink.close()
    return put - start, end - put


def gateway() -> Callable[[Path], tuple[float, float]] | None:
    """The peer, if it is installed."""
    try:
        from thingsboard_gateway.storage.sqlite.sqlite_event_storage import SQLiteEventStorage
    except ImportError:
        return None
    messages = [
        envelope(row.type, row.body, f"{row.seq:036x}").decode() for row in backlog.events(GROUP)
    ]

    def run(folder: Path) -> tuple[float, float]:
        log: Any = logging.getLogger("gateway")
        log.setLevel(logging.CRITICAL)
        log.trace = log.debug
        storage = SQLiteEventStorage({"data_file_path": f"{folder}/"}, log, Stop())
        start = time.monotonic()
        for _ in range(EVENTS // GROUP):
            for message in messages:
                storage.put(message)
        while not storage.write_queue.empty():
            time.sleep(0.001)
        put, done = time.monotonic(), 0
        while done < EVENTS:
            done += len(storage.get_event_pack())
            storage.event_pack_processing_done()
        end = time.monotonic()
        storage.stop()
        return put - start, end - put

    return run


if __name__ == "__main__":
    main()
