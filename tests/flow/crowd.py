"""A crowd that gives its names: one process, to be killed, told what to do on its command line.

`python -m tests.flow.crowd WHAT UNIT_FILE COUNT` prints a line when it has done it and then waits,
with all that a screen holds in memory: `sealed` as the product does, `plain` as others do (a
control), `closing` opens today's list, prints how many names it has, and ends the day.
"""

import logging
import os
import signal
import sys
from pathlib import Path

from appliance import config as settings
from appliance.clock import BootClock
from appliance.config import UnitConfig
from appliance.journal import Journal
from tests.canaries import people
from ui.desk import Desk

PIN = "482193"
SEED = 42


def main() -> None:
    """Does it, says so, waits to be killed."""
    what, path, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    config = settings.load(path)
    logging.basicConfig(level=logging.DEBUG, filename=config.paths.data / f"{what}.log")
    {"sealed": sealed, "plain": plain, "closing": closing}[what](config, count)
    signal.pause()


def sealed(config: UnitConfig, count: int) -> None:
    """Everybody signs up, and staff look at the list."""
    desk = Desk(config, clock=BootClock())
    desk.staff.vault.choose(PIN)
    for person in people(count, SEED):
        assert desk.capture.sign_up("cv", 1, 0, *person).outcome == "kept"
    logging.getLogger("crowd").debug("the list: %r", desk.staff.roster())
    os.write(1, b"%d\n" % len(desk.staff.roster().lines))


def plain(config: UnitConfig, count: int) -> None:
    """The same journal and log, names in the body and in the log."""
    journal = Journal.open(config.paths.data / "screen.db", name="screen", clock=BootClock())
    for person in people(count, SEED):
        name, phone = (text.encode() for text in person)
        body = b'{"workshop":"cv","number":1,"first_name":"%b","phone":"%b"}' % (name, phone)
        journal.append_raw("workshop.signed_up", body)
        logging.getLogger("crowd").debug("signed up: %s", person)
    os.write(1, b"%d\n" % count)


def closing(config: UnitConfig, _count: int) -> None:
    """After the kill: the list is there again behind the PIN; then the day is over."""
    desk = Desk(config, clock=BootClock())
    assert desk.staff.vault.unlock(PIN) == "right"
    lines = len(desk.staff.roster().lines)
    desk.staff.end_day()
    os.write(1, b"%d\n" % lines)


if __name__ == "__main__":
    main()
