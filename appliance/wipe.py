"""Factory reset: what the unit kept is overwritten and removed. Nothing of it can be brought back.

First every file where it lies, keys before all; then the free space, for what was deleted long
ago. What a card's own electronics keep aside, no software reaches: that was sealed, mostly.
"""

import errno
import fcntl
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from .config import UnitConfig
from .errors import OperatorError
from .journal.lock import WriterLock

CHUNK: Final = 4 * 1024 * 1024
"""Bytes written at once."""
FLUSH_EVERY: Final = 64 * 1024 * 1024
"""Bytes between two waits for the card: memory is not filled instead of it."""
LARGEST: Final = 1024 * 1024 * 1024
"""Bytes of one filling file: some file systems take no larger one than a few of these."""
TELL_EVERY: Final = 2.0
"""Seconds between two words of progress."""

IN_USE = (
    "{path} is in use by process {holder}:"
    " stop the unit's services first (systemctl stop 'escale-*')."
)
_DEEP: Final = 3
"""Parts of a path that may be wiped: neither / nor /var."""
_FITRIM: Final = 0xC0185879
"""Linux: tells the card which blocks hold nothing any more."""

Tell = Callable[[str], None]


def wipe(config: UnitConfig, *, quick: bool, tell: Tell) -> None:
    """Everything under the data, run, update and system folders, then free space unless `quick`.

    Raises OperatorError: a service of the unit is at work, or something cannot be removed.
    """
    data, run = config.paths.data, config.paths.run
    if not data.is_dir():
        raise OperatorError(f"there is nothing at {data}: check [paths] data.")
    of_a_card = (config.paths.update, config.paths.system)
    folders = (data, run, *(path for path in of_a_card if path.is_dir()))
    for folder in folders:
        if len(folder.resolve().parts) < _DEEP:
            raise OperatorError(f"{folder} is more than a unit's own folder: correct [paths].")
    with ExitStack() as held:
        for lock in sorted(_locks(data)):
            held.callback(WriterLock.take(lock, IN_USE).release)
        removed = 0
        try:
            for folder in folders:
                removed += _removed(folder, tell)
            where = ", ".join(map(str, folders))
            tell(f"{removed} files are overwritten and removed from {where}")
            if not quick:
                tell(f"{_filled(data, tell) // 1_000_000} MB of free space are overwritten")
            os.sync()
            tell(discard(data))
        except OSError as error:
            raise OperatorError(
                f"{error.filename or data} could not be wiped ({error.strerror}): run this as root,"
                " and again until it ends well; else destroy the card."
            ) from error


def _locks(data: Path) -> set[Path]:
    """Whoever writes on this unit holds one of these (journal/lock.py)."""
    known = {data / "keeper.lock", *data.glob("*.db"), *data.rglob("*.lock")}
    return {path.with_suffix(".lock") for path in known}


def _removed(folder: Path, tell: Tell) -> int:
    files = list(_files(folder))
    progress = Progress("overwriting files", sum(map(_size, files)), tell)
    for path in files:
        for written in overwrite(path):
            progress.step(written)
        path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir()
    return len(files)


def _files(folder: Path) -> Iterator[Path]:
    """Keys first: a wipe that is broken off has made the rest unreadable already."""
    first = [folder / "identity", folder / "trust"]
    ordered = [path for part in first for path in part.rglob("*")]
    seen = set(ordered)
    ordered += [path for path in folder.rglob("*") if path not in seen]
    return (path for path in ordered if path.is_symlink() or not path.is_dir())


def _size(path: Path) -> int:
    found = path.lstat()
    return max(found.st_size, found.st_blocks * 512)


def overwrite(path: Path) -> Iterator[int]:
    """Zeros over the blocks of a file, to the end of the last one; bytes written so far."""
    if path.is_symlink() or not path.is_file():
        return  # a link's target is wiped where it lies, or is not the unit's
    left, chunk = _size(path), bytes(CHUNK)
    # Not truncated: the blocks that hold it now are to be written.
    with path.open("r+b", buffering=0) as file:
        while left > 0:
            written = file.write(chunk[: min(left, CHUNK)])
            left -= written
            yield written
        os.fsync(file.fileno())


def _filled(folder: Path, tell: Tell) -> int:
    """Bytes of free space written over; the space is free again then."""
    disk = os.statvfs(folder)
    free = (disk.f_bfree if os.geteuid() == 0 else disk.f_bavail) * disk.f_frsize
    progress = Progress("overwriting free space", free, tell)
    fillers: list[Path] = []
    try:
        while True:
            fillers.append(folder / f"wipe-{len(fillers)}.filler")
            before = progress.done
            for written in _fill(fillers[-1]):
                progress.step(written)
            if progress.done - before < LARGEST:
                return progress.done
    finally:
        for path in fillers:
            with suppress(FileNotFoundError):
                path.unlink()


def _fill(path: Path) -> Iterator[int]:
    """Writes until the disk is full, to its last block, or the file is LARGEST."""
    # Not zeros: a file system or a card may keep those without writing any.
    noise = os.urandom(CHUNK)
    size, done, unflushed = CHUNK, 0, 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        while size >= 512 and done < LARGEST:
            try:
                written = os.write(descriptor, noise[:size])
            except OSError as error:
                if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
                    raise
                size //= 2
                continue
            done, unflushed = done + written, unflushed + written
            if unflushed >= FLUSH_EVERY:
                os.fdatasync(descriptor)
                unflushed = 0
            yield written
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def discard(folder: Path) -> str:
    """Lets the card forget its free blocks, if it takes that; what came of it, in one sentence."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        whole = struct.pack("QQQ", 0, 2**64 - 1, 0)
        told = fcntl.ioctl(descriptor, _FITRIM, whole)
    except OSError as error:
        return f"the card was not asked to forget its free blocks ({error.strerror})"
    finally:
        os.close(descriptor)
    return f"the card was told to forget {struct.unpack('QQQ', told)[1] // 1_000_000} MB"


class Progress:
    """A word now and then while something long is done."""

    def __init__(self, what: str, total: int, tell: Tell) -> None:
        self.done = 0
        """Bytes."""
        self._what, self._total, self._tell = what, total, tell
        self._tell_at = time.monotonic() + TELL_EVERY

    def step(self, written: int) -> None:
        """So many bytes more."""
        self.done += written
        if time.monotonic() >= self._tell_at:
            self._tell_at += TELL_EVERY
            megabytes = f"{self.done // 1_000_000} of {self._total // 1_000_000} MB"
            self._tell(f"{self._what}: {megabytes}")
