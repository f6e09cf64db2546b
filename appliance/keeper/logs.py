"""Keeps the unit's own log folder small. The system's journal is bounded by its own settings."""

from pathlib import Path

LARGEST = 8 * 1024 * 1024
"""Bytes of all log files together."""


def keep_small(folder: Path, largest: int = LARGEST) -> list[Path]:
    """Removes the oldest log files until the others fit; which ones went."""
    files = [path for path in folder.glob("*") if path.is_file()]
    files.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    gone, kept = [], 0
    for path in files:
        kept += path.stat().st_size
        if kept > largest:
            path.unlink()
            gone.append(path)
    return gone
