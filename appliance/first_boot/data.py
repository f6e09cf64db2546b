"""The data partition brought to where it can be written: checked, repaired, grown. Erases nothing.

What may hold acknowledged rows is never formatted: only a partition that is all zeros is.
"""

import logging
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from ..errors import OperatorError
from . import disk
from .tool import call

State = Literal["good", "repaired", "made", "lost", "absent"]
"""lost: beyond repair, and left as it is; absent: there is no such partition."""
STRIDE: Final = 1024 * 1024
TABLES: Final = 1024 * 1024 * 1024
"""Bytes of it that are looked at one by one for anything that was ever written."""
PIECE: Final = 64 * 1024
"""Bytes of each MiB after that: every copy of a superblock is met."""
BLOCK: Final = "4096"
"""Bytes: with smaller ones a full disk ends a process that has its journal in memory."""
PER_FILE: Final = "65536"
"""Bytes for each file there can be: few and large ones, and little to be zeroed when it grows."""
REPAIRED: Final = (0, 1, 2)
"""Exit codes of e2fsck after which a file system may be used."""

log = logging.getLogger("first-boot")


class Place(NamedTuple):
    """Where it is, and how it comes into its place."""

    device: Path
    is_mounted: Callable[[], bool]
    mount: Callable[[], None]
    """Raises OperatorError."""


def ready(place: Place) -> State:
    """Mounts it, come what may; how it was found."""
    if place.is_mounted():
        return "good"
    if not place.device.exists():
        return "absent"
    if _is_blank(place.device):
        log.warning("%s was never written: a file system is made on it", place.device)
        return _tried(place, "made", lambda: make(place.device))
    log.warning("%s could not be mounted: it is checked", place.device)
    return _tried(place, "repaired", lambda: repair(place.device))


def make(device: Path) -> None:
    """A file system on what never held one. Raises OperatorError."""
    kind = ("-b", BLOCK, "-i", PER_FILE, "-m", "0", "-L", "data")
    call("mkfs.ext4", "-q", "-F", *kind, str(device))


def repair(device: Path) -> None:
    """Raises OperatorError: it is beyond repair."""
    call("e2fsck", "-f", "-y", str(device), good=REPAIRED)


def grow(place: Place) -> bool:
    """Makes the file system as large as its partition; whether it was not. Raises OperatorError."""
    if not _has_room(place.device):
        return False
    if not place.is_mounted():
        repair(place.device)
    call("resize2fs", str(place.device))
    return True


def _tried(place: Place, state: State, mend: Callable[[], None]) -> State:
    try:
        mend()
        place.mount()
    except OperatorError as error:
        log.error("%s stays as it is: %s", place.device, error)
        return "lost"
    return state if place.is_mounted() else "lost"


def _is_blank(device: Path) -> bool:
    with device.open("rb") as file:
        whole = disk.size_of(file.fileno())
        for at in range(0, whole, STRIDE):
            # All of where a file system has its tables, then a piece of each MiB.
            look = os.pread(file.fileno(), STRIDE if at < TABLES else PIECE, at)
            if look != bytes(len(look)):
                return False
    return True


def _has_room(device: Path) -> bool:
    """Whether a block more would fit, by what the superblock says."""
    with device.open("rb") as file:
        whole = disk.size_of(file.fileno())
        block = os.pread(file.fileno(), 1024, 1024)
    low, size, magic, features = (
        struct.unpack_from("<I", block, 4)[0],
        1024 << struct.unpack_from("<I", block, 24)[0],
        struct.unpack_from("<H", block, 56)[0],
        struct.unpack_from("<I", block, 96)[0],
    )
    if magic != 0xEF53:
        raise OperatorError(f"{device} holds no ext4: it is left as it is.")
    high = struct.unpack_from("<I", block, 0x150)[0] if features & 0x80 else 0
    return bool(whole // size > (high << 32 | low))
