"""Erasing the envelopes of a journal that was put aside, a day after all of it was receipted.

Its rows stay, for whoever looks into the damage; the damaged file itself, in which no envelope
can be erased for certain, goes. A file that never held an envelope is left alone.
"""

import os
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from .. import placing, retention
from . import schema, spans

_HELD = (
    # Those it holds, and those it does not: they may lie in the damaged file.
    "SELECT EXISTS (SELECT 1 FROM sealed),"
    ' EXISTS (SELECT 1 FROM event WHERE instr(body, CAST(\'"sealed":"\' AS BLOB)))'
)


def clear(connection: sqlite3.Connection, path: Path, receipted: Mapping[int, int]) -> None:
    """Notes that a file put aside is receipted, or clears it when that was a day ago.

    `connection`: the live journal's, in no transaction; `receipted`: epoch → last seq.
    Raises OSError, sqlite3.Error.
    """
    try:
        with closing(schema.connect_reading(path)) as aside:
            epochs = spans.read(aside)
            holds = _holds_any(aside, damaged=bool(_damaged(path)))
    except sqlite3.Error:
        return  # whoever drains it says so
    if not holds or any(receipted.get(span.epoch, 0) < span.head for span in epochs):
        return
    names = [(span.epoch,) for span in epochs]
    connection.executemany(
        "UPDATE set_aside SET receipted = (SELECT total FROM tally)"
        " WHERE epoch = ? AND receipted IS NULL",
        names,
    )
    over = "SELECT receipted <= (SELECT total FROM tally) - ? FROM set_aside WHERE epoch = ?"
    told = [connection.execute(over, (retention.SEALED, *name)).fetchone() for name in names]
    if (1,) in told:
        _erase(path)


def _holds_any(aside: sqlite3.Connection, *, damaged: bool) -> bool:
    if not aside.execute("SELECT 1 FROM sqlite_master WHERE name = 'sealed'").fetchall():
        return False  # of older software
    inside, beside = aside.execute(_HELD).fetchone()
    return bool(inside or (beside and damaged))


def _damaged(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{path.stem}.damaged*"))


def _erase(path: Path) -> None:
    """In a copy that takes the file's place: others may be reading it."""
    for damaged in _damaged(path):
        damaged.unlink()
    fresh = path.with_name(f".{path.stem}.clearing")
    shutil.copyfile(path, fresh)
    with closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("DELETE FROM sealed")
    # Its age tells which of several files is the newest.
    before = path.stat()
    os.utime(fresh, ns=(before.st_atime_ns, before.st_mtime_ns))
    placing.place(fresh, path, 0o440)
