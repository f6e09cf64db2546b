"""Files of the federation: whole or not there, for whom they are meant. Knows no key."""

import os
from contextlib import suppress
from pathlib import Path

from .errors import OperatorError


def read(path: Path, *, private: bool = False) -> bytes:
    """A file's content. Raises OperatorError, also for a private one that others may read."""
    try:
        if private and path.stat().st_mode & 0o077:
            raise OperatorError(f"{path} can be read by others: chmod 600 it")
        return path.read_bytes()
    except FileNotFoundError as error:
        told = f"{path} is not there: give the federation's --folder (--offline for the safe's)"
        raise OperatorError(told) from error
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}") from error


def write_private(path: Path, content: bytes) -> None:
    """A file for its owner alone, mode 0600, in a folder of mode 0700. Raises OperatorError."""
    _write(path, content, 0o600, 0o700)


def write_public(path: Path, content: bytes) -> None:
    """A file for everybody. Raises OperatorError."""
    _write(path, content, 0o644, 0o755)


def write_shared(path: Path, content: bytes) -> None:
    """A file for its owner and the group of its folder, mode 0640. Raises OperatorError."""
    _write(path, content, 0o640, 0o2750)


def sync(folder: Path) -> None:
    """That a file is in its folder outlives a power cut too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes, mode: int, folder_mode: int) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(mode=folder_mode, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with open(descriptor, "wb") as file:  # noqa: PTH123
            os.fchmod(descriptor, mode)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
        sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        told = f"{path} cannot be written: {error.strerror}; nothing was replaced"
        raise OperatorError(told) from error
