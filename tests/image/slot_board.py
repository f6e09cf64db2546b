"""A board whose slots hold nothing, stopped after each choice its boot script makes."""

import re
import zlib
from pathlib import Path
from typing import NamedTuple

from tests.image import tiny_disk
from tests.image.machine import Machine
from tests.support import eventually

COPIES = (2 * tiny_disk.MIB, 4 * tiny_disk.MIB)
SIZE = 16 * 1024
CHOICE = r"^escale: slot (?P<slot>[AB]) order (?P<order>[AB ]+) left A=(?P<a>\d) B=(?P<b>\d)$"
NONE_LEFT = r"^escale: no slot left, all tries given back$"
STOPPED = r"^Unknown command .*$"
"""Somebody types at U-Boot itself."""


class Tries(NamedTuple):
    """What stands before the partitions."""

    order: str
    a: int
    b: int

    def block(self) -> bytes:
        """As U-Boot keeps it: a checksum, names in their order, zeros."""
        lines = f"BOOT_A_LEFT={self.a}\0BOOT_B_LEFT={self.b}\0BOOT_ORDER={self.order}\0\0"
        body = lines.encode().ljust(SIZE - 4, b"\0")
        return zlib.crc32(body).to_bytes(4, "little") + body


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
            for place, copy in zip(COPIES, copies, strict=True):
                disk.seek(place)
                disk.write(copy)
        return self

    def copies(self) -> list[bytes]:
        """What its disk has now."""
        whole = self._disk.read_bytes()
        return [whole[place : place + SIZE] for place in COPIES]

    def boots(self) -> tuple[str, Tries | None]:
        """Powered on until its script has chosen: the slot ("": it gave the tries back), and what
        it says is left (None: it never came to its script)."""
        before = len(self.machine.console)
        self.machine.monitor.ask("system_reset")
        self.machine.monitor.ask("cont")
        return self.chooses(after=before)

    def chooses(self, after: int = 0, hearing: str = "") -> tuple[str, Tries | None]:
        """As `boots`, when it is on already; `hearing`: what its serial line hears all the time."""
        self.machine.says("^U-Boot ", after=after, seconds=60)  # its serial line is open
        ends = re.compile(f"{CHOICE}|{NONE_LEFT}|{STOPPED}", re.MULTILINE)

        def told() -> list[re.Match[str]]:
            if hearing:
                self.machine.types(hearing)
            return list(ends.finditer(self.machine.console, after))[:1]

        (found,) = eventually(told, 60, "the script has chosen")
        self.machine.monitor.ask("stop")
        return _choice(found)

    def __exit__(self, *_: object) -> None:
        self.machine.cut()

    def __enter__(self) -> "SlotBoard":
        return self


def _choice(told: re.Match[str]) -> tuple[str, Tries | None]:
    if told["slot"] is None:
        return "", Tries("", 3, 3) if "no slot" in told[0] else None
    return told["slot"], Tries(told["order"], int(told["a"]), int(told["b"]))
