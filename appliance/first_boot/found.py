"""What lies on the card's first partition, or on a stick, and is named as a bundle. Judges nothing.

Mounts read-only at a place of its own, and lets go of it before anything is done with what it read.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final

import msgspec

from ..identity import files
from ..placing import opened
from .tool import call

MOST: Final = 64 * 1024
"""Bytes of a bundle."""
MOST_FILES: Final = 20
KINDS: Final = "vfat,exfat"
OPTIONS: Final = "ro,nosuid,nodev,noexec,nosymfollow"
REMEMBERED: Final = "bundles.json"
TABLES: Final = 4 * 1024 * 1024
"""Bytes at the beginning of a FAT of this size: both tables, and the names in its root."""


@contextmanager
def mounted(device: Path, at: Path) -> Iterator[Path]:
    """The file system of a device, to read in. Raises OperatorError."""
    at.mkdir(mode=0o700, parents=True, exist_ok=True)
    call("mount", "-t", KINDS, "-o", OPTIONS, str(device), str(at))
    try:
        yield at
    finally:
        call("umount", str(at))


def bundles(folder: Path) -> dict[str, bytes]:
    """Name → content; the first of a name counts."""
    found = dict[str, bytes]()
    for place in (folder, folder / "ESCALE"):
        with suppress(OSError):
            for path in sorted(place.glob("escale-*.bundle"))[:MOST_FILES]:
                found.setdefault(path.name, _content(path))
    return found


def print_of(device: Path) -> str:
    """Changes with whatever is written there: the tables and the names are at the beginning.

    Empty: it cannot be told, and is looked into.
    """
    if device.is_dir():
        return _digest(b"".join(name.encode() + held for name, held in bundles(device).items()))
    try:
        with device.open("rb") as file:
            return _digest(file.read(TABLES))
    except OSError:
        return ""


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What came of what was there the last time: none of it is judged twice."""

    drive: str
    """`print_of` the first partition; empty: it could not be looked into, or there was a stick."""
    wrong: str = ""
    about: tuple[str, ...] = ()


def remembered(system: Path) -> Remembered | None:
    """What is known of the last time; None: it has to be looked at."""
    try:
        held = msgspec.json.decode(files.read(system / REMEMBERED) or b"", type=Remembered)
    except msgspec.DecodeError:
        return None
    return held if held.drive else None


def remember(system: Path, told: Remembered) -> None:
    """For the next boot. Raises OperatorError: the card takes nothing."""
    files.write(system / REMEMBERED, msgspec.json.encode(told), files.SHARED)


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _content(path: Path) -> bytes:
    """As far as a bundle is long; empty: it cannot be read, and is damaged."""
    try:
        with opened(path) as file:
            return file.read(MOST + 1)
    except OSError:
        return b""
