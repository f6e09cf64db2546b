"""The stop detector on simulated days whose stops are known, easy and hard.

    .venv/bin/python -m benchmarks.stops [--seeds 301-303]

Every setting is run through `evaluate_detector.py`, on `escale replay --stops`. The peers see the
same days: speed below 1 km/h for three minutes, and trackintel's sliding window when it is there.
"""

import argparse
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

YARDSTICKS = Path(__file__).parent / "yardsticks"
SETTINGS = {
    "as they come": [],
    "street canyon": ["env=canyon"],
    "noise doubled": ["noise=2.0"],
    "receiver always on": ["power=always"],
    "off at every stop": ["power=ignition"],
    "jams on most legs": ["jam=0.8"],
    "Wallis, near 180 W": ["site=matautu"],
    "on the meridian": ["site=cabourg"],
}
OURS = "-m appliance.replay --stops"
PEERS = {"slow for 3 min": "naive", "trackintel 50 m": "trackintel"}
HEAD = ("P", "R", "F1", "arrival", "p90", "departure", "p90", "place", "p90", "CPU s/24 h")
FIELDS = ["precision", "recall", "f1", "arr_med_s", "arr_p90_s", "dep_med_s", "dep_p90_s"]
FIELDS += ["place_med_m", "place_p90_m", "cpu_s_per_24h"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="301-303", help="of the simulated days")
    seeds = parser.parse_args().seeds
    print(f"seeds {seeds}; seconds and metres: median and 90 %")
    print(f"{'':22}{'stops':>6}" + "".join(f"{name:>11}" for name in HEAD))
    for name, settings in SETTINGS.items():
        show(name, evaluated(OURS, seeds, settings))
    for name, peer in PEERS.items():
        if peer == "trackintel" and importlib.util.find_spec("trackintel") is None:
            print(f"{name}: not installed")
        else:
            show(name, evaluated(f"-m benchmarks._stop_peers {peer}", seeds, []))


def evaluated(command: str, seeds: str, settings: list[str]) -> dict[str, Any]:
    """What `evaluate_detector.py` says of that command of this Python."""
    chosen = [part for setting in settings for part in ("--set", setting)]
    tool = str(YARDSTICKS / "evaluate_detector.py")
    detector = f"{sys.executable} {command} {{nmea}}"
    run = subprocess.run(
        [sys.executable, tool, "--seeds", seeds, "--cmd", detector, "--json", *chosen],
        capture_output=True,
        text=True,
        check=True,
        cwd=YARDSTICKS.parents[1],
    )
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def show(name: str, result: dict[str, Any]) -> None:
    values = "".join(f"{result[field]!s:>11}" for field in FIELDS)
    print(f"{name:22}{result['true']:6}{values}", flush=True)


if __name__ == "__main__":
    main()
