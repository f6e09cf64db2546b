"""What a failed write means for the person on board. Never mends anything itself."""

import os
import sqlite3
from pathlib import Path
from typing import Literal

from ..errors import JournalRefused

NO_ROOM = 64 * 1024
"""Bytes: below this a write fails for want of space, whatever SQLite calls it."""

_TROUBLE = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
)
_SENTENCES = {
    "full": "the disk is full: {path} takes nothing until space is made.",
    "read_only": "the disk takes no writes: {path} is read-only; check the card.",
    "input_output": "the disk failed to write {path}: check the card ({error}).",
}


def refusal(error: sqlite3.Error, path: Path) -> JournalRefused | None:
    """The disk's refusal behind an SQLite error; None when the disk is not to blame."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code not in _TROUBLE:
        return None
    kind = _kind(code, path)
    return JournalRefused(kind, _SENTENCES[kind].format(path=path, error=error))


def _kind(code: int, path: Path) -> Literal["full", "read_only", "input_output"]:
    # SQLite says "disk I/O error" for a full disk met at a sync, or for a card gone read-only.
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return "input_output"
    if code == sqlite3.SQLITE_READONLY or disk.f_flag & os.ST_RDONLY:
        return "read_only"
    if code == sqlite3.SQLITE_FULL or disk.f_bavail * disk.f_frsize < NO_ROOM:
        return "full"
    return "input_output"
