"""What is only of the moment, one JSON file per process in /run/escale, replaced atomically.

Never the only copy of anything acknowledged: a file that is missing, stale or of another boot
says nothing.
"""

import json
import logging
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from .clock import BootClock
from .placing import READING, begin

STALE = 10.0
"""Seconds after which a file's owner counts as gone."""

MOST = 1024 * 1024
"""Bytes of the longest word."""

_log = logging.getLogger("runtime")
_silent = set[Path]()
"""Files that could not be replaced the last time: it is said once."""


def publish(
    run_dir: Path, process: str, value: Mapping[str, Any] | msgspec.Struct, mode: int = 0o640
) -> bool:
    """Replace the process's file; False when the folder takes nothing just now.

    `mode`: for the group to read, for nobody else to write.
    """
    told = {"boot_id": BootClock().boot_id, "boottime": _boottime(), **msgspec.to_builtins(value)}
    target = file_of(run_dir, process)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    try:
        run_dir.mkdir(parents=True, exist_ok=True)
        with begin(fresh, 0o600) as file:
            os.fchmod(file.fileno(), mode)
            file.write(msgspec.json.encode(told))
        fresh.replace(target)
    except OSError as error:
        if target not in _silent:
            _log.warning("%s cannot be written (%s): check its folder", target, error.strerror)
        _silent.add(target)
        return False
    _silent.discard(target)
    return True


def read(run_dir: Path, process: str, max_age: float = STALE) -> dict[str, Any] | None:
    """The process's latest word, at most `max_age` seconds old; None when there is none."""
    try:
        told = json.loads(left(file_of(run_dir, process), MOST))
        age = _boottime() - told["boottime"]
        same_boot = told["boot_id"] == BootClock().boot_id
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if same_boot and 0 <= age <= max_age * 1000 else None


def left(path: Path, most: int) -> bytes:
    """What somebody left in the folder, as far as `most` bytes; empty: nothing that is a file.

    Whoever can write there is not trusted with more: no link is followed, no pipe waited for.
    """
    try:
        descriptor = os.open(path, READING)
    except OSError:
        return b""
    try:
        return os.read(descriptor, most)
    except OSError:  # a folder
        return b""
    finally:
        os.close(descriptor)


def file_of(run_dir: Path, process: str) -> Path:
    """Where a process's word is."""
    return run_dir / f"{process}.json"


def _boottime() -> int:
    # The machine's own counter, never a twin's: freshness is real time.
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
