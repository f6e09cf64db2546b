"""Small secret files: whole or not there, and overwritten before they go. Knows no key."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from ..errors import OperatorError
from ..placing import begin, place, sync

SECRET = 0o600
SHARED = 0o640
"""For the services of the unit, by the group of the folder."""


def folder(path: Path, mode: int) -> None:
    """Makes the folder when it is not there; one that is there keeps its owner and mode."""
    if not path.is_dir():
        path.mkdir(parents=True)
        path.chmod(mode)
        sync(path.parent)


def write(path: Path, content: bytes, mode: int = SECRET) -> None:
    """Puts the file in its place in one step; written by root, it belongs to its folder's owner.

    Raises OperatorError when the folder takes nothing.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with begin(fresh, SECRET) as file:
            if os.geteuid() == 0:
                owner = path.parent.stat()
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            file.write(content)
        place(fresh, path, mode)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise OperatorError(
            f"{path} cannot be written ({error.strerror}): check its disk and the folder's owner."
        ) from error


def read(path: Path) -> bytes | None:
    """The content; None when there is no such file. Raises OperatorError for another reason."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be read ({error.strerror}): ask as root, or check its owner."
        ) from error


def state(path: Path) -> tuple[int, int, int] | None:
    """What changes when the file does; None when it is not there, or may not be asked."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def erase(path: Path) -> None:
    """Overwrites the file where it lies, then removes it; nothing to do when it is not there.

    A link goes, and what it leads to stays as it is.
    """
    try:
        if stat.S_ISREG(path.lstat().st_mode):
            _overwrite(path)
        path.unlink()
        sync(path.parent)
    except FileNotFoundError:
        return
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be erased ({error.strerror}): check its disk."
        ) from error


def _overwrite(path: Path) -> None:
    # A link that came this very moment is refused.
    descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        os.fsync(file.fileno())
