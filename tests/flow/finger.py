"""A finger that never tires: appends check-ins and says each one it was thanked for.

Run as a process of its own (`python -m tests.flow.finger FILE`), so that it can be killed.
"""

import os
import sys
import time
from pathlib import Path

from appliance import config as settings
from appliance.clock import BootClock
from appliance.journal import Journal
from protocol.visits import CheckedIn

PAUSE = 0.02


def main() -> None:
    """Appends for ever; one line `number` on stdout after each commit."""
    config = settings.load(Path(sys.argv[1]))
    journal = Journal.open(config.paths.data / "screen.db", name="screen", clock=BootClock())
    while True:
        number = journal.head + 1
        journal.append(CheckedIn(number=number, door="logement", theme="logement"))
        os.write(1, b"%d\n" % number)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
