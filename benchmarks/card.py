"""The card in an emulated board: how soon it shows something, its memory, what it writes.

Three boots of the image that was built here: as a new card, which is attached to a federation of
this machine; as that unit, which is measured; and its Debian alone, without anything of ours, as
the yardstick. Bytes are those that reach the disk, as the board counts them: journal and file
system, too. Seconds are an emulator's, on this machine, at its load: only their ratio says much.
"""

import argparse
import tempfile
import time
from pathlib import Path

from tests.flow.founded import UNIT, Founded
from tests.image import card as cards
from tests.image import tools_root
from tests.image.card import HOST, Card
from tests.image.in_use import EXTRA, SCENES, WELCOME, InUse
from tests.image.machine import Machine
from tests.image.pages import Pages
from tests.support import eventually, unit_config_file

DAY = 86_400
OURS = sorted(
    path.name
    for path in (tools_root.REPOSITORY / "systemd").glob("escale-*")
    if path.suffix in (".service", ".path", ".timer")
)
WITHOUT_US = " ".join(f"systemd.mask={name}" for name in OURS)
FINISHED = r"Startup finished in "


def main() -> None:
    """Prints each figure as it is had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--settle", type=float, default=120, help="seconds before idle is watched")
    parser.add_argument("--idle", type=float, default=300, help="seconds of idle that are watched")
    parser.add_argument("--check-ins", type=int, default=5)
    told = parser.parse_args()
    if not tools_root.there() or cards.image() is None:
        print("not measured: no image was built here (make image)")
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), told.settle, told.idle, told.check_ins)


def measure(folder: Path, settle: float, idle: float, check_ins: int) -> None:
    """One card's life."""
    named: dict[str, object] = {"vehicle_name": "Germaine"}
    pages = Pages(folder / "drawn", unit_config_file(folder, unit=named), *SCENES)
    with Founded(folder / "federation", known_as=HOST) as founded:
        bundle, code = founded.authority.bundle(UNIT)
        unit = InUse(Card(folder / "card"), pages)
        unit.card.drops(bundle.read_bytes(), bundle.name)
        try:
            unit.on().attach(code)
            unit.cut()
            frame = in_use(unit.on(), settle, idle, check_ins)
        finally:
            unit.cut()
        bare = without_us(unit.card)
    say(f"Debian alone is up after {bare:.0f} s: the first page takes {frame / bare:.2f} ×")


def in_use(unit: InUse, settle: float, idle: float, check_ins: int) -> float:
    """From power-on through a quiet stop; seconds until it showed the visitors' page."""
    frame = until_it_shows(unit)
    memory = unit.health()["memory"]
    say(f"first page {frame:.0f} s after power-on; {memory} MB of memory in use")
    unit.begin_duty()
    rest(settle)
    rate = idle_rate(unit.machine, idle)
    say(f"written at idle on duty: {rate * DAY / 1e6:.1f} MB a day ({idle:.0f} s watched)")
    visits = cost_of(unit, check_ins, rate)
    say(f"{visits / 1e3:.1f} kB a check-in (of {check_ins})")
    return frame


def until_it_shows(unit: InUse) -> float:
    """Seconds from power-on to the visitors' page."""
    eventually(lambda: unit.hand.glance() == WELCOME, 1200, "the first page is shown")
    return time.monotonic() - unit.machine.powered


def idle_rate(machine: Machine, seconds: float) -> float:
    """Bytes a second that reach the disk while nobody does anything."""
    before = _written(machine)
    rest(seconds)
    return (_written(machine) - before) / seconds


def cost_of(unit: InUse, count: int, rate: float) -> float:
    """Bytes a check-in writes more than idling does."""
    began, before = time.monotonic(), _written(unit.machine)
    unit.wake()
    for _ in range(count):
        unit.check_in()
        unit.hand.sees(WELCOME)
    rest(60)  # what is written later is part of it
    passed = time.monotonic() - began
    return (_written(unit.machine) - before - rate * passed) / count


def without_us(card: Card) -> float:
    """Seconds from power-on until its Debian has started all that is not ours."""
    card.drops(f"extra={EXTRA} {WITHOUT_US}\n".encode(), "extra.txt")
    with card.booted() as machine:
        machine.says(FINISHED, seconds=1200)
        return time.monotonic() - machine.powered


def rest(seconds: float) -> None:
    """Nobody does anything."""
    time.sleep(seconds)


def say(line: str) -> None:
    """Now: whoever waits a quarter of an hour sees that it goes on."""
    print(line, flush=True)


def _written(machine: Machine) -> int:
    (card,) = (one for one in machine.monitor.ask("query-blockstats") if one["device"] == "card")
    return int(card["stats"]["wr_bytes"])


if __name__ == "__main__":
    main()
