"""Power cuts while a card keeps check-ins: nothing runs in it but our journal, so a round is short.

The card's own kernel, file system, Python and journal; no systemd, which would only take longer.
A second disk holds what the first program reads: a script, and at its end one that never ends.
"""

from tests.image.card import Card
from tests.image.data import Data
from tests.image.machine import Machine

PROGRAM = """
import os, sys
from pathlib import Path
from appliance.clock import BootClock
from appliance.journal import Journal
from protocol.visits import CheckedIn

line = os.open("/dev/ttyAMA0", os.O_WRONLY | os.O_NOCTTY)
path = Path("/data/escale/screen.db")
journal = Journal.open(path, name="screen", clock=BootClock())
if sys.argv[1] != "FULL":
    journal.database.conn.execute(f"PRAGMA synchronous={sys.argv[1]}")
while True:
    number = journal.head + 1
    journal.append(CheckedIn(number=number, door="logement", theme="logement"))
    os.write(line, b"escale: kept %d\\n" % number)
"""
SCRIPT = """
while :; do : > /dev/watchdog; sleep 5; done &
mount -t tmpfs tmpfs /tmp
mount -t ext4 -o noatime,commit=5 /dev/vda4 /data
cat > /tmp/program.py <<'END'
{program}
END
exec /opt/escale/bin/python3 -I /tmp/program.py {synchronous}
"""


class Keeping:
    """A card that keeps check-ins as fast as it can, from power on until it is cut."""

    def __init__(self, card: Card, synchronous: str = "FULL") -> None:
        self._card, self.script = card, card.folder / "script"
        text = SCRIPT.format(program=PROGRAM, synchronous=synchronous)
        self.script.write_bytes(text.encode().ljust(1 << 16, b"\n"))
        card.drops(b"extra=init=/bin/sh -- /dev/vdb\n", "extra.txt")
        self.told = 0
        """The last number that it said it has kept."""

    def until_cut(self, at_least: int) -> None:
        """One life: cut at once when it has kept so many more."""
        disk = f"if=none,id=script,format=raw,readonly=on,file={self.script}"
        with self._card.booted(
            "-drive", disk, "-device", "virtio-blk-pci,drive=script"
        ) as machine:  # fmt: skip
            machine.says(rf"^escale: kept {self.told + at_least}$")
            machine.cut()
            self.told = _last(machine)

    def lost(self) -> int:
        """How many that it told of are not on the card."""
        data = Data(self._card, self._card.folder / "data")
        events = data.events("screen")
        numbers = {body["number"] for type_, body in events if type_ == "visit.checked_in"}
        return len(set(range(1, self.told + 1)) - numbers)


def _last(machine: Machine) -> int:
    """Only whole lines count."""
    whole = machine.console[: machine.console.rfind("\n") + 1]
    words = [line.split() for line in whole.splitlines() if line.startswith("escale: kept ")]
    return int(words[-1][2])
