"""The enrolment code from the screen, where it is typed, to the uplink, which asks with it.

It lies in /run for a moment, in memory alone; the uplink takes it from there. Proves nothing.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from protocol import enrolment
from protocol.errors import ProtocolError

from .. import runtime
from ..errors import OperatorError
from ..journal.trouble import refused_by
from . import files, store

FILE: Final = "enrolment-code"
MAX: Final = 64
"""Bytes: a code, however it is spaced."""


def give(run: Path, said: str) -> None:
    """Leaves the code for the uplink. Raises OperatorError: it is none, or cannot be left."""
    try:
        code = enrolment.typed(said)
    except ProtocolError as error:
        raise OperatorError(f"{error}: read it once more from the printed sheet.") from error
    path = run / FILE
    fresh = path.with_suffix(f".{os.getpid()}.new")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(fresh, flags, 0o600), "wb") as file:
            os.fchmod(file.fileno(), 0o640)
            file.write(code.encode())
        fresh.replace(path)
    except OSError as error:
        raise refused_by(error, path) from error


def take(run: Path, data: Path) -> bool:
    """Keeps the code that was left, if there is one; whether.

    Raises OperatorError: the card takes nothing. The code is there still, for the next time.
    """
    try:
        code = enrolment.typed(runtime.left(run / FILE, MAX).decode(errors="replace"))
    except ProtocolError:
        drop(run)
        return False
    files.folder(store.folder(data), 0o700)
    files.write(store.folder(data) / store.CODE, code.encode())
    drop(run)
    return True


def drop(run: Path) -> None:
    """Nobody needs what was left there, if anything was."""
    with suppress(OSError):
        (run / FILE).unlink()
