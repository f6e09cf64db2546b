"""Files that are whole or not there: put in their place in one step. Knows no journal."""

import os
from pathlib import Path


def place(fresh: Path, target: Path, mode: int) -> None:
    """Gives a finished file its name, so that a power cut leaves the old one or the new one.

    Root does so in folders of others: a link in the file's place is refused, not followed.
    """
    descriptor = os.open(fresh, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
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
