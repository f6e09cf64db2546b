"""What lies on the card's first partition, or on a stick, and is named as a bundle. Judges nothing.

Mounts read-only at a place of its own, and lets go of it before anything is done with what it read.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from ..identity import files
from .tool import call

MOST: Final = 64 * 1024
"""Bytes of a bundle."""
MOST_FILES: Final = 20
KINDS: Final = "vfat,exfat"
OPTIONS: Final = "ro,nosuid,nodev,noexec,nosymfollow"
REMEMBERED: Final = "bundles.json"


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


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the files that were there the last time: none of them is judged twice."""

    digests: dict[str, str]
    wrong: str = ""
    about: tuple[str, ...] = ()


def remembered(system: Path, found: dict[str, bytes]) -> Remembered | None:
    """What came of these very files; None: they were not all here before."""
    try:
        held = msgspec.json.decode(files.read(system / REMEMBERED) or b"", type=Remembered)
    except msgspec.DecodeError:
        return None
    return held if held.digests == _digests(found) else None


def remember(
    system: Path, found: dict[str, bytes], wrong: str, about: tuple[str, ...]
) -> Remembered:
    """What came of them. Raises OperatorError: the card takes nothing."""
    told = Remembered(digests=_digests(found), wrong=wrong, about=about)
    files.write(system / REMEMBERED, msgspec.json.encode(told), files.SHARED)
    return told


def _digests(found: dict[str, bytes]) -> dict[str, str]:
    return {name: sha256(content).hexdigest() for name, content in found.items()}


def _content(path: Path) -> bytes:
    """As far as a bundle is long; empty: it cannot be read, and is damaged."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        with open(descriptor, "rb") as file:  # noqa: PTH123
            return file.read(MOST + 1)
    except OSError:
        return b""
