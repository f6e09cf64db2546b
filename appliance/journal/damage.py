"""Whether a journal file can be trusted, asked by its owner at each start. Changes nothing.

Not even by closing it: SQLite, closing a file that it could write, would throw its log away.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from ..errors import OperatorError
from . import schema, wal
from .reader import JournalReader
from .spans import Span
from .trouble import is_damage

LARGEST_CHECKED = 256 * 1024
"""Pages: reading more would delay the start; the keeper checks those once a day."""
SECONDS = 1.5
"""Spent following the chain, the newest rows first."""
STRETCH = 2000
"""Rows followed between two looks at the watch."""


def found(path: Path) -> str:
    """What is wrong with the file, in a few words; empty when nothing is known to be.

    Raises sqlite3.Error or OperatorError when the file is not to blame.
    """
    log = path.with_name(f"{path.name}-wal")
    if not path.exists():
        return "only its log is left" if log.exists() and log.stat().st_size else ""
    if wal.is_cut_off(log):
        return "its log is damaged"
    try:
        with closing(schema.connect_reading(path)) as connection:
            return _unsound(connection) or _broken(path)
    except sqlite3.Error as error:
        if is_damage(error):
            return str(error)
        raise


def _unsound(connection: sqlite3.Connection) -> str:
    """What SQLite finds, and rows it would give a second time."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != schema.APPLICATION_ID:
        return "it is no journal"
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    needed = ["event", "epoch", "boot", *(("sealed", "tally") if version >= 2 else ())]
    if not {(name,) for name in needed}.issubset(tables):
        return "it lacks tables"
    if connection.execute("SELECT count(*) FROM epoch").fetchone() == (0,):
        return "it has no epoch"
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    if pages <= LARGEST_CHECKED:
        (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if told != "ok":
            return str(told).replace("\n", " ")
    (beyond,) = connection.execute(
        "SELECT coalesce(max(id), 0) > coalesce("
        "(SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0) FROM event"
    ).fetchone()
    return "rows beyond the counter" if beyond else ""


def _broken(path: Path) -> str:
    """Where the chain breaks, if it does, as far back as there is time to look."""
    limit = time.monotonic() + SECONDS
    try:
        with JournalReader.open(path) as reader:
            for span, after, last in _stretches(reader.spans):
                if not reader.is_whole(span, after, last):
                    return f"the chain is broken between rows {after + 1} and {last}"
                if reader.stray_envelopes(span, after, last):
                    return f"an envelope between rows {after + 1} and {last} is not its row's"
                if time.monotonic() > limit:
                    break
    except OperatorError as error:
        if isinstance(error.__cause__, sqlite3.Error) and is_damage(error.__cause__):
            return str(error)
        raise
    return ""


def _stretches(spans: Sequence[Span]) -> Iterator[tuple[Span, int, int]]:
    """(epoch, after, last), newest first."""
    for span in reversed(spans):
        for last in range(span.head, span.purged_to, -STRETCH):
            yield span, max(last - STRETCH, span.purged_to), last
