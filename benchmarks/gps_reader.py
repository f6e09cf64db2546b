"""The GPS reader against gpsd's own answers: clean, damaged, and in speed.

    .venv/bin/python -m benchmarks.gps_reader [--seeds 1-3]

`possible` is the share of gpsd's fixes whose place still stands in one undamaged sentence: no
reader that demands checksums can have more. The peer is pynmeagps, when it is installed.
"""

import argparse
import io
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from appliance import replay
from appliance.gps.fix import Fix
from appliance.gps.reader import Reader
from appliance.gps.report import read
from appliance.gps.sentence import Framer

HERE = Path(__file__).parent
YARDSTICKS = HERE / "yardsticks"
DATA = HERE.parent / "tests" / "data" / "gps"
LOGS = sorted(path for path in (DATA / "gpsd").glob("*.log"))
LIGHT: list[str] = []
HEAVY = ["--flip=2e-3", "--drop=1e-3", "--cut=.03", "--glue=.03", "--noise=.03"]
HEAVY += ["--nocks=.02", "--burst=4"]
ROLLOVER = 1024 * 7 * 86400
WRONG = 30.0
"""Metres."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1-3", help="of the damage, such as 1-3")
    first, _, last = parser.parse_args().seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    clean()
    for name, damage in (("light", LIGHT), ("heavy", HEAVY)):
        damaged(name, damage, seeds)
    speed()


def clean() -> None:
    """Every log as it is, by `compare_tpv.py`."""
    print(f"{'log':34}{'fixes':>7}{'matched':>9}{'ghosts':>8}{'mode equal':>12}")
    results = [compared(log, log.read_bytes()) for log in LOGS]
    for one in results:
        counts = (one["ref_fixes"], one["matched"], one["ghost_fixes"], one["mode_equal"])
        print(f"{one['chk'][:33]:34}{counts[0]:7}{counts[1]:9}{counts[2]:8}{counts[3]:12}")
    fixes, found, ghosts, mode = (
        sum(one[name] for one in results)
        for name in ("ref_fixes", "matched", "ghost_fixes", "mode_equal")
    )
    print(f"{'all':34}{fixes:7}{found / fixes:9.4f}{ghosts:8}{mode / found:12.4f}")


def compared(log: Path, data: bytes) -> dict[str, Any]:
    """What `compare_tpv.py` says of the reader's fixes of these bytes."""
    lines = "".join(json.dumps(replay.as_json(fix)) + "\n" for fix in fixes(data))
    command = [sys.executable, str(YARDSTICKS / "compare_tpv.py"), f"{log}.chk"]
    run = subprocess.run(
        [*command, "--rollover", "--json"], input=lines, capture_output=True, text=True, check=True
    )
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def fixes(data: bytes) -> list[Fix]:
    return list(replay.dated(replay.read(io.BytesIO(data))))


def damaged(name: str, damage: list[str], seeds: range) -> None:
    """Every log, damaged by every seed."""
    known = found = possible = wrong = 0
    for log in LOGS:
        for seed in seeds:
            data = corrupt(log, damage, seed)
            result = compared(log, data)
            known += result["ref_fixes"]
            found += result["matched"]
            places = references(log)
            possible += still_possible(places, data)
            wrong += far_off(places, data)
    print(
        f"\n{name} damage, seeds {seeds[0]}-{seeds[-1]}: {found / known:.4f} of {known} fixes, "
        f"possible {possible / known:.4f}, positions more than {WRONG:.0f} m wrong: {wrong}"
    )


def corrupt(log: Path, damage: list[str], seed: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "damaged.log"
        command = [sys.executable, str(YARDSTICKS / "corrupt.py"), "--seed", str(seed), *damage]
        subprocess.run([*command, str(log), str(out)], check=True)
        return out.read_bytes()


def references(log: Path) -> dict[float, list[tuple[float, float]]]:
    """gpsd's fixes: UTC second to the places it told."""
    told: dict[float, list[tuple[float, float]]] = {}
    for text in Path(f"{log}.chk").read_text("latin-1").splitlines():
        tpv = json.loads(text) if text.startswith("{") else {}
        if tpv.get("mode", 0) >= 2 and "time" in tpv and "lat" in tpv:
            at = round(datetime.fromisoformat(tpv["time"]).timestamp(), 3)
            told.setdefault(at, []).append((tpv["lat"], tpv["lon"]))
    return told


def still_possible(told: dict[float, list[tuple[float, float]]], data: bytes) -> int:
    reports = [read(sentence) for sentence in Framer().push(data)]
    clocks = {report.clock for report in reports if report is not None and report.place}
    known = [clock for clock in clocks if clock is not None]
    return sum(any(abs(at % 86400 * 1000 - clock) < 500 for clock in known) for at in told)


def far_off(told: dict[float, list[tuple[float, float]]], data: bytes) -> int:
    """Positions far from where gpsd saw the receiver in that very second."""
    count = 0
    for fix in fixes(data):
        if fix.time is None or fix.lat is None or fix.lon is None:
            continue
        at = round(fix.time.timestamp(), 3)
        places = told.get(at) or told.get(at + ROLLOVER) or []
        count += bool(places) and min(metres(fix.lat, fix.lon, *one) for one in places) > WRONG
    return count


def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    east = (lon - other_lon) * math.cos(math.radians(lat))
    return math.hypot(lat - other_lat, east) * 111_195


def speed() -> None:
    """Sentences per second of processor time, interleaved with the peer in one run."""
    data = (DATA / "genivi" / "munich.nmea").read_bytes()
    sentences = len(Framer().push(data))
    runners: dict[str, Callable[[bytes], object]] = {"ours": lambda log: Reader().push(log)}
    try:
        from pynmeagps import NMEAReader
    except ImportError:
        print("\npynmeagps: not installed")
    else:
        runners["pynmeagps"] = lambda log: list(NMEAReader(io.BytesIO(log), quitonerror=0))
    rates: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(5):
        for name, run in runners.items():
            start = time.process_time()
            run(data)
            rates[name].append(sentences / (time.process_time() - start))
    print()
    for name, measured in rates.items():
        median, low, high = statistics.median(measured), min(measured), max(measured)
        print(f"{name:10} {median:9,.0f} sentences/s ({low:,.0f} to {high:,.0f})")


if __name__ == "__main__":
    main()
