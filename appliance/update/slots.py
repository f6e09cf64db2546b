"""Which slot starts next, and how many tries it has left: two copies of a block on the disk.

U-Boot reads the first copy that is whole and takes a try off (image/boot/boot.cmd); RAUC and the
health check speak to it through `escale-slots`, so that a board that starts another way needs
another script and nothing else. Imports nothing but Python's own: RAUC asks often. Writes no slot.
"""

import os
import sys
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

DISK = Path("/dev/escale/disk")
COMMAND_LINE = Path("/proc/cmdline")
SIZE = 0x4000
"""Bytes of one copy: four of checksum, then variables, as U-Boot's `env import -c` reads them."""
PLACES = (2 * 1024 * 1024, 4 * 1024 * 1024)
"""Where the copies are on the disk: written in this order, read in this order."""
NAMES = ("A", "B")
TRIES = 3
TRIAL = "trial"
"""A word at the end of the order, which U-Boot skips: the first slot was never found good. It is in
this block, not in a file: a new system that cannot read the data partition is on trial, too."""


class Slots(NamedTuple):
    """What the block says."""

    order: tuple[str, ...] = NAMES
    """The slot to try first comes first."""
    left: Mapping[str, int] = dict.fromkeys(NAMES, TRIES)
    """Slot → tries left."""
    trial: bool = False

    @property
    def primary(self) -> str:
        """The slot that starts next; when no tries are left, U-Boot gives them all back."""
        return next((name for name in self.order if self.left[name] > 0), self.order[0])

    def is_good(self, name: str) -> bool:
        """Whether U-Boot would start it."""
        return name in self.order and self.left[name] > 0

    def is_tried(self, name: str) -> bool:
        """Whether it is the first, and not known to be good yet."""
        return self.trial and name == self.order[0]

    def first(self, name: str) -> "Slots":
        """That slot starts next, on trial."""
        return Slots(_moved(self.order, name), {**self.left, name: TRIES}, trial=True)

    def good(self, name: str) -> "Slots":
        """That slot has proved itself: it is no trial any more, or another's trial is over."""
        left = {**self.left, name: TRIES}
        if name != self.order[0] and self.left[self.order[0]] > 0:
            # Another was just put first, and has not started yet: it keeps its turn.
            return Slots(tuple(dict.fromkeys((*self.order, name))), left, self.trial)
        return Slots(_moved(self.order, name), left, trial=False)

    def bad(self, name: str) -> "Slots":
        """That slot is not to be started."""
        return self._replace(left={**self.left, name: 0})

    def taken_back(self, name: str) -> "Slots":
        """That slot, which is not running, is not to be started, and not on trial any more."""
        if name != self.order[0]:
            return self.bad(name)
        others = tuple(other for other in NAMES if other != name)
        return Slots((*others, name), {**self.left, name: 0}, trial=False)


def compose(slots: Slots) -> bytes:
    """One copy of the block."""
    words = (*slots.order, *((TRIAL,) if slots.trial else ()))
    variables = {
        "BOOT_ORDER": " ".join(words),
        **{f"BOOT_{name}_LEFT": str(slots.left[name]) for name in NAMES},
    }
    content = b"".join(f"{name}={value}\0".encode() for name, value in variables.items()) + b"\0"
    content = content.ljust(SIZE - 4, b"\0")
    return zlib.crc32(content).to_bytes(4, "little") + content


def parse(block: bytes) -> Slots | None:
    """What one copy says; None: it is not whole. What it leaves out is as U-Boot takes it."""
    content = block[4:SIZE]
    if len(block) < SIZE or zlib.crc32(content) != int.from_bytes(block[:4], "little"):
        return None
    lines = content.partition(b"\0\0")[0].decode("ascii", "replace").split("\0")
    told = {name: value for name, _, value in (line.partition("=") for line in lines)}
    words = told.get("BOOT_ORDER", "").split()
    order = tuple(dict.fromkeys(word for word in words if word in NAMES)) or NAMES
    left = {name: _tries(told.get(f"BOOT_{name}_LEFT", "")) for name in NAMES}
    return Slots(order, left, TRIAL in words)


def choose(copies: Iterator[bytes]) -> Slots:
    """What the first whole copy says; without one, what U-Boot takes then."""
    return next((slots for slots in map(parse, copies) if slots is not None), Slots())


def read(disk: Path = DISK) -> Slots:
    """What the disk says. Raises OSError."""
    descriptor = os.open(disk, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return choose(_copy(descriptor, place) for place in PLACES)
    finally:
        os.close(descriptor)


def write(slots: Slots, disk: Path = DISK) -> None:
    """Both copies say it: what does not is replaced, one after the other, so that one is whole at
    any moment. Nothing is written for what they say already. Raises OSError."""
    block = compose(slots)
    descriptor = os.open(disk, os.O_RDWR | os.O_CLOEXEC)
    try:
        for place in PLACES:
            if _copy(descriptor, place) != block:
                os.pwrite(descriptor, block, place)
            os.fsync(descriptor)  # whoever wrote it may have come to no end
    finally:
        os.close(descriptor)


def current(command_line: Path = COMMAND_LINE) -> str:
    """The slot that this system was started from; empty: the kernel was not told."""
    told = argument("rauc.slot", command_line)
    return told if told in NAMES else ""


def argument(name: str, command_line: Path = COMMAND_LINE) -> str:
    """What the kernel's line says of that; empty: nothing."""
    for word in command_line.read_text(encoding="ascii", errors="replace").split():
        key, _, value = word.partition("=")
        if key == name:
            return value
    return ""


def main(argv: list[str] | None = None, disk: Path = DISK, line: Path = COMMAND_LINE) -> int:
    """`escale-slots`: the verbs of RAUC's custom boot loader, and `get-trial`."""
    try:
        told = _answer(sys.argv[1:] if argv is None else argv, disk, line)
    except OSError as error:
        sys.stderr.write(f"escale-slots: {disk} cannot be used ({error.strerror}).\n")
        return 1
    if told is None:
        sys.stderr.write(
            "usage: escale-slots get-primary | get-current | get-trial | get-state SLOT"
            " | set-primary SLOT | set-state SLOT good|bad   (SLOT: A or B)\n"
        )
        return 2
    sys.stdout.write(told and f"{told}\n")
    return 0


def _answer(words: list[str], disk: Path, line: Path) -> str | None:
    """What is printed; None: the words mean nothing."""
    match words:
        case ["get-current"]:
            return current(line)
        case ["get-primary"]:
            return read(disk).primary
        case ["get-trial"]:
            slots = read(disk)
            return slots.order[0] if slots.trial else ""
        case ["get-state", ("A" | "B") as name]:
            return "good" if read(disk).is_good(name) else "bad"
        case ["set-primary", ("A" | "B") as name]:
            write(read(disk).first(name), disk)
            return ""
        case ["set-state", ("A" | "B") as name, ("good" | "bad") as state]:
            write(_judged(read(disk), name, state, current(line)), disk)
            return ""
    return None


def _judged(slots: Slots, name: str, state: str, running: str) -> Slots:
    if state == "good":
        return slots.good(name)
    return slots.bad(name) if running in ("", name) else slots.taken_back(name)


def _copy(descriptor: int, place: int) -> bytes:
    try:
        return os.pread(descriptor, SIZE, place)
    except OSError:  # a card that gives one place up has the other
        return b""


def _moved(order: tuple[str, ...], name: str) -> tuple[str, ...]:
    return (name, *(other for other in order if other != name))


def _tries(told: str) -> int:
    return min(int(told), TRIES) if told.isdecimal() else TRIES


if __name__ == "__main__":
    sys.exit(main())
