"""What an SQLite error means: the disk, the file, or a bug of ours. Never mends anything itself."""

import errno
import os
import sqlite3
from pathlib import Path
from typing import Literal

from ..errors import JournalRefused, OperatorError

Kind = Literal["full", "read_only", "input_output"]

NO_ROOM = 64 * 1024
"""Bytes: below this a write fails for want of space, whatever SQLite calls it."""

_DISK = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
)
_FILE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_UNREADABLE = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)
_SENTENCES = {
    "full": "the disk is full: {path} takes nothing until space is made.",
    "read_only": "the disk takes no writes: {path} is read-only; check the card.",
    "input_output": "the disk failed to write {path}: check the card ({error}).",
}


_ERRNO: dict[int | None, Kind] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EIO: "input_output",
}


def refused_by(error: OSError, path: Path) -> OperatorError:
    """The sentence for a file that cannot be made or moved."""
    kind = _ERRNO.get(error.errno)
    if kind is None:
        return OperatorError(f"cannot write {path}: {error.strerror}; check who owns its folder.")
    return JournalRefused(kind, _SENTENCES[kind].format(path=path, error=error.strerror))


def refusal(error: sqlite3.Error, path: Path) -> JournalRefused | None:
    """The disk's refusal behind an SQLite error; None when the disk is not to blame."""
    code = _code(error) & 0xFF
    if code not in _DISK:
        return None
    kind = _kind(code, path)
    return JournalRefused(kind, _SENTENCES[kind].format(path=path, error=error))


def _kind(code: int, path: Path) -> Kind:
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


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is to blame: damaged, or pages the card does not give any more."""
    return _code(error) & 0xFF in _FILE or _code(error) in _UNREADABLE


def unreadable(error: sqlite3.Error, path: Path) -> OperatorError | None:
    """Why a journal cannot be read just now; None when it is a bug."""
    if _code(error) & 0xFF in (*_DISK, *_FILE, sqlite3.SQLITE_BUSY):
        return OperatorError(f"cannot read the journal {path}: {error}.")
    return None


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
