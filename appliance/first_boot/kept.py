"""What one card has and no other, in /data/system: made once, kept for ever. Knows no disk.

A name that is damaged is made anew, for a card must have one.
"""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ..identity import files

MACHINE: Final = "machine-id"
DISK: Final = "disk-number"
SEED: Final = "random-seed"
SEED_SIZE: Final = 512
LETTERS: Final = "abcdefghjkmnpqrstvwxyz"
"""As of a code: none of them is mistaken for another."""

Dice = Callable[[int], bytes]


def machine_id(system: Path, dice: Dice = secrets.token_bytes) -> str:
    """32 hex digits, as /etc/machine-id has them. Raises OperatorError: the card takes nothing."""

    def make() -> str:
        drawn = bytearray(dice(16))
        drawn[6], drawn[8] = drawn[6] & 0x0F | 0x40, drawn[8] & 0x3F | 0x80  # a UUID of kind 4
        return drawn.hex()

    return _kept(system / MACHINE, r"[0-9a-f]{32}", make)


def disk_number(system: Path, dice: Dice = secrets.token_bytes) -> int:
    """The number that this card's partition table is to have. Raises OperatorError."""
    # Neither 0, which is none, nor anything that could be taken for it.
    return int(_kept(system / DISK, r"[1-9a-f][0-9a-f]{7}", lambda: _number(dice)), 16)


def stir(system: Path, random: Path = Path("/dev/urandom")) -> None:
    """Gives the kernel the chance of the last boot, and keeps some of this one's for the next."""
    held = files.read(system / SEED)
    if held:
        with random.open("wb", buffering=0) as pool:
            pool.write(held)
    files.write(system / SEED, os.urandom(SEED_SIZE))


def four_letters(machine: str) -> str:
    """A short name for a card that has no other, always the same."""
    value, drawn = int(machine[:12], 16), ""
    for _ in range(4):
        value, at = divmod(value, len(LETTERS))
        drawn += LETTERS[at]
    return drawn


def _number(dice: Dice) -> str:
    drawn = int.from_bytes(dice(4), "big") | 0x10000000
    return f"{drawn:08x}"


def _kept(path: Path, pattern: str, make: Callable[[], str]) -> str:
    held = (files.read(path) or b"").decode(errors="replace").strip()
    if re.fullmatch(pattern, held):
        return held
    made = make()
    files.write(path, f"{made}\n".encode(), files.SHARED)
    return made
