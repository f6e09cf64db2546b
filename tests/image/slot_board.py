"""A board whose slots hold nothing, stopped after each choice its boot script makes."""

import re
from pathlib import Path

from appliance.update import slots
from appliance.update.slots import Slots
from tests.image import tiny_disk
from tests.image.machine import Machine
from tests.support import eventually

CHOICE = (
    r"^escale: slot (?P<slot>[AB]) order (?P<order>[AB](?: [AB])?(?: trial)?)"
    r" left A=(?P<A>\d) B=(?P<B>\d)$"
)
NONE_LEFT = r"^escale: no slot left, all tries given back$"
STOPPED = r"^Unknown command .*$"
"""Somebody types at U-Boot itself."""


class SlotBoard:
    """Its disk is read and written while it stands still."""

    def __init__(self, folder: Path, u_boot: Path | None = None) -> None:
        """`u_boot`: another than the card's."""
        self._disk = tiny_disk.make(folder / "disk.img")
        u_boot = u_boot or tiny_disk.u_boot(folder / "u-boot.bin")
        self.machine = Machine(self._disk, folder, form="raw", memory=256, u_boot=u_boot)

    def holding(self, *copies: bytes) -> "SlotBoard":
        """Stopped, with that in its two copies."""
        self.machine.monitor.ask("stop")
        with self._disk.open("r+b") as disk:
            for place, copy in zip(slots.PLACES, copies, strict=True):
                disk.seek(place)
                disk.write(copy)
        return self

    def told(self) -> list[Slots | None]:
        """What its two copies say now, to the system that it starts."""
        whole = self._disk.read_bytes()
        return [slots.parse(whole[place : place + slots.SIZE]) for place in slots.PLACES]

    def boots(self) -> str | None:
        """Powered on until its script has chosen: the slot; "": it gave the tries back; None: it
        never came to its script."""
        before = len(self.machine.console)
        self.machine.monitor.ask("system_reset")
        self.machine.monitor.ask("cont")
        return self.chooses(after=before)

    def chooses(self, after: int = 0, hearing: str = "") -> str | None:
        """As `boots`, when it is on already; `hearing`: what its serial line hears all the time."""
        self.machine.says("^U-Boot ", after=after, seconds=60)  # its serial line is open
        ends = re.compile(f"{CHOICE}|{NONE_LEFT}|{STOPPED}", re.MULTILINE)

        def told() -> list[re.Match[str]]:
            if hearing:
                self.machine.types(hearing)
            return list(ends.finditer(self.machine.console, after))[:1]

        (found,) = eventually(told, 60, "the script has chosen")
        self.machine.monitor.ask("stop")
        return found["slot"] or ("" if "no slot" in found[0] else None)

    def __exit__(self, *_: object) -> None:
        self.machine.cut()

    def __enter__(self) -> "SlotBoard":
        return self
