"""How a journal file is opened by its owner: made, migrated, checked. Writes no event."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from .. import placing
from . import damage, rotation, salvage, schema
from .lock import TWO_WRITERS, WriterLock
from .trouble import refusal, refused_by

log = logging.getLogger("journal")


def locked(path: Path, sentence: str = TWO_WRITERS) -> WriterLock:
    """Makes the folder and the file if need be, group's alone; takes the writer's lock.

    Raises OperatorError: `sentence` (journal/lock.py) when another process has it.
    """
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True)
            path.parent.chmod(0o2770)
        return WriterLock.take(path, sentence)
    except OSError as error:
        raise refused_by(error, path) from error


def database(path: Path, name: str) -> Database:
    """The checked, migrated database with its live epoch. Raises OperatorError."""
    try:
        reason = damage.found(path)
        if reason:
            log.error("%s is damaged and is put aside: %s", path, reason)
            salvage.set_aside(path, reason)
        if not path.exists():
            _make(path, name)
        return schema.connect(path)
    except OSError as error:
        raise refused_by(error, path) from error
    except sqlite3.Error as error:
        raise refusal(error, path) or error from error


def _make(path: Path, name: str) -> None:
    """A new file with its first epoch; there once it is whole."""
    fresh = path.with_suffix(".making")
    for left in path.parent.glob(f"{fresh.name}*"):
        left.unlink()
    with closing(schema.create(fresh)) as made:
        rotation.begin_epoch(made.conn, name, 0)
        schema.begin_log(made.conn)
    # SQLite gives the files beside it the same mode, whatever the umask.
    placing.place(fresh, path, 0o660)
