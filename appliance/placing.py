"""Files that are whole or not there: put in their place in one step. Knows no journal.

Root does so in folders of others: nothing is written, or read, through what they put in its way.
"""

import os
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

READING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""No link is followed, no pipe waited for."""


def begin(path: Path, mode: int) -> BinaryIO:
    """A new file of that name to write, for `place` later; what had the name goes. Raises OSError.

    What somebody else put there, a link for instance, leads nowhere.
    """
    with suppress(FileNotFoundError):
        path.unlink()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, mode), "wb")


def opened(path: Path) -> BufferedReader:
    """What lies there, to read. Raises OSError: it is a link, or may not be read."""
    return os.fdopen(os.open(path, READING), "rb")


def place(fresh: Path, target: Path, mode: int) -> None:
    """Gives a finished file its name, so that a power cut leaves the old one or the new one."""
    descriptor = os.open(fresh, READING)
    try:
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    fresh.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Makes a file, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
