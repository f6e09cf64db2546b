"""How a journal file is opened by its owner: made, migrated, checked. Writes no event."""

import logging
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from ..errors import OperatorError
from . import damage, rotation, salvage, schema
from .lock import WriterLock
from .trouble import refusal

log = logging.getLogger("journal")


def locked(path: Path) -> WriterLock:
    """Makes the folder and the file if need be, group's alone; takes the writer's lock."""
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
            path.parent.chmod(0o2770)
        return WriterLock.take(path)
    except OSError as error:
        raise OperatorError(f"cannot write in {path.parent}: {error.strerror}.") from error


def database(path: Path, name: str) -> Database:
    """The checked, migrated database with its live epoch. Raises OperatorError."""
    try:
        reason = damage.found(path)
        if reason:
            log.error("%s is damaged and is put aside: %s", path, reason)
            salvage.set_aside(path, reason)
        return _made(path, name)
    except OSError as error:
        raise OperatorError(f"cannot make {path}: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise refusal(error, path) or error from error


def _made(path: Path, name: str) -> Database:
    if not path.exists():
        path.touch()
        # SQLite gives the files beside it the same mode, whatever the umask.
        path.chmod(0o660)
    opened = schema.connect(path)
    if opened["epoch"].count == 0:
        with opened.atomic():
            rotation.begin_epoch(opened.conn, name, 0)
    return opened
