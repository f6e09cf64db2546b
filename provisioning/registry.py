"""The registry's file: append-only JSON Lines, one fact a line, no secret. Decides nothing.

It may live under version control. A line counts once it ends: what a power cut left without an
end was never acknowledged to anybody, is told, and is taken out by `mend` alone.
"""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from . import state
from .errors import OperatorError
from .facts import AnyFact
from .files import sync
from .state import State

WAIT: Final = 10.0
"""Seconds that one writer waits for another."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(AnyFact)


class TornLine(OperatorError):
    """The last line has no end."""


class Writing:
    """The registry while nobody else writes it (`writing`)."""

    def __init__(self, descriptor: int, path: Path, known: State) -> None:
        self._descriptor, self._path = descriptor, path
        self.state = known
        """With everything that was appended here."""

    def append(self, *told: AnyFact) -> None:
        """Facts, on disk when this returns. Raises OperatorError: then none of them counts."""
        lines = b"".join(_encoder.encode(fact) + b"\n" for fact in told)
        for line in lines.splitlines():
            # Read back and taken before it is written: no bug may spoil the file.
            state.take(self.state, _decoder.decode(line))
        before = os.fstat(self._descriptor).st_size
        try:
            if os.write(self._descriptor, lines) < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._descriptor)
        except OSError as error:
            os.ftruncate(self._descriptor, before)
            sentence = f"{self._path} takes nothing ({error.strerror}): make room and try again"
            raise OperatorError(sentence) from error


def read(path: Path) -> State:
    """What the registry says now; it may be written meanwhile. Raises OperatorError."""
    content = _content(path)
    if not content.endswith(b"\n"):
        with _alone(path, WAIT):  # perhaps an append was under way
            content = _content(path)
    return _state(path, content)


@contextmanager
def writing(path: Path, wait: float = WAIT) -> Iterator[Writing]:
    """The registry, for reading, deciding and appending while nobody else does.

    Raises OperatorError: it is not there, torn, damaged, or still held after `wait` seconds.
    Ask for passphrases before: others wait.
    """
    with _alone(path, wait):
        known = _state(path, _content(path))
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            yield Writing(descriptor, path, known)
        finally:
            os.close(descriptor)


def make(path: Path, *told: AnyFact) -> None:
    """A new registry with its first facts. Raises OperatorError when there is one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
    except OSError as error:
        raise OperatorError(f"{path} cannot be made: {error.strerror}") from error
    try:
        Writing(descriptor, path, State()).append(*told)
        sync(path.parent)
    finally:
        os.close(descriptor)


def mend(path: Path, wait: float = WAIT) -> bytes:
    """Takes out what stands after the last whole line; returns it. Raises OperatorError."""
    with _alone(path, wait):
        content = _content(path)
        whole = content.rfind(b"\n") + 1
        _state(path, content[:whole])
        if whole < len(content):
            with path.open("r+b") as file:
                file.truncate(whole)
                os.fsync(file.fileno())
        return content[whole:]


def _state(path: Path, content: bytes) -> State:
    if content and not content.endswith(b"\n"):
        raise TornLine(
            f"the last line of {path} has no end (a power cut, a full disk): "
            "escale-provision mend takes it out"
        )
    known = State()
    for number, line in enumerate(content.splitlines(), 1):
        try:
            state.take(known, _decoder.decode(line))
        except (ValueError, RecursionError) as error:  # msgspec's own are ValueErrors
            sentence = (
                f"line {number} of {path} cannot be used ({error}): restore the file from its "
                "history, or install the software that wrote it"
            )
            raise OperatorError(sentence) from error
    return known


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        sentence = f"there is no registry {path}: give the federation's --folder, or init one"
        raise OperatorError(sentence) from error
    except OSError as error:
        raise OperatorError(f"{path} cannot be read: {error.strerror}") from error


@contextmanager
def _alone(path: Path, wait: float) -> Iterator[None]:
    """A lock on a file beside it, so that the registry itself may be replaced by a checkout."""
    _content(path)
    beside = path.with_suffix(".lock")
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OperatorError(f"{beside} cannot be made: {error.strerror}") from error
    try:
        _lock(descriptor, path, time.monotonic() + wait)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path, limit: float) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= limit:
                sentence = f"{path} is being written by another process: try again when it is done"
                raise OperatorError(sentence) from error
            time.sleep(0.02)
