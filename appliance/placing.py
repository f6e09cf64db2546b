"""Files that are whole or not there: put in their place in one step. Knows no journal."""

import os
from pathlib import Path


def place(fresh: Path, target: Path, mode: int) -> None:
    """Gives a finished file its name, so that a power cut leaves the old one or the new one."""
    fresh.chmod(mode)
    sync(fresh)
    fresh.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Makes a file, or the names in a folder, outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
