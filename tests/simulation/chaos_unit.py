"""Units that write and send without end, in one process to be killed: journals and uplink are real.

`python -m tests.simulation.chaos_unit FOLDER PORT UNIT…` appends a line to FOLDER/promised for
each row, once it is on the disk: what is promised must be found at the federation.
"""

import os
import random
import signal
import sys
import time
import uuid
from collections import Counter
from pathlib import Path

from appliance.config import Broker
from protocol import visits
from simulation.clock import FleetClock
from simulation.fleet import Fleet
from simulation.full import FullUnit
from simulation.papers import Papers
from simulation.places import FLEET
from simulation.script import Boot, Deed, Script
from simulation.shared import Shared
from simulation.weather import Outages

PAUSE = 15
"""Milliseconds between two rows of a unit."""


def main() -> None:
    """Until killed."""
    folder, port, units = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    promised = os.open(folder / "promised", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    clock, dice = FleetClock(), random.Random()
    shared = Shared(
        Broker(host="localhost", port=port), Papers(folder / "papers"), clock, 1, clock.utc(),
        lambda: dice.random() * 0.04, Outages(), Counter[str](),
    )  # fmt: skip
    fleet = Fleet(
        [
            FullUnit(
                shared,
                FLEET[0]._replace(unit=unit),
                rows(unit, clock, promised, stopping),
                folder / unit,
            )
            for unit in units
        ],
        ramp=1000,
        now=time.monotonic(),
    )
    while True:
        fleet.step(time.monotonic())


def rows(unit: str, clock: FleetClock, promised: int, stopping: list[int]) -> Script:
    """A row every few milliseconds until SIGTERM; after that, what is there is only sent."""
    boot = Boot(str(uuid.uuid4()), clock.utc() - 1000)
    at, number = clock.utc(), 0
    while not stopping:
        at, number = at + PAUSE, number % 9999 + 1
        event = visits.CheckedIn(number=number, door="sante", theme="sante")
        key = yield Deed(at, "screen", event, boot)
        os.write(promised, f"{unit} {key.epoch} {key.seq}\n".encode())
    return at


if __name__ == "__main__":
    main()
