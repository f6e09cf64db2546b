"""What was put aside: found again, and told once in the journal that goes on. Saves nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from protocol.unit import JournalSetAside

from . import schema, spans
from .rebuild import DAMAGED
from .spans import Span

TOLD_RANGES = 100
"""More would not fit in one event: the last one told then reaches to the end of the last."""

Range = tuple[int, int]


def files(journal: Path) -> list[Path]:
    """What was put aside of a journal and saved, the newest first."""
    saved = (journal.parent / "aside").glob(f"{journal.stem}-*.db")
    # By the file's time: an epoch is drawn by lot.
    return sorted(saved, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def untold(folder: Path, name: str, connection: sqlite3.Connection) -> Iterator[JournalSetAside]:
    """What was put aside of this journal and is not told yet, an epoch at a time."""
    told = {epoch for (epoch,) in connection.execute("SELECT epoch FROM set_aside")}
    for path in sorted((folder / "aside").glob(f"{name}-*.db")):
        with closing(schema.connect_reading(path)) as aside:
            reasons = dict(aside.execute("SELECT epoch, reason FROM set_aside").fetchall())
            for span in spans.read(aside):
                if span.epoch not in told and span.head > span.purged_to:
                    yield _event(aside, span, reasons.get(span.epoch, ""))


def mark_told(connection: sqlite3.Connection, event: JournalSetAside) -> None:
    """In the transaction that tells it."""
    connection.execute(
        "INSERT INTO set_aside (epoch, reason) VALUES (?, ?)", (event.epoch, event.reason)
    )


def _event(connection: sqlite3.Connection, span: Span, reason: str) -> JournalSetAside:
    (salvaged,) = connection.execute(
        "SELECT count(body) FROM event WHERE id > ? AND id <= ?",
        (span.base, span.base + span.head),
    ).fetchone()
    lost = _lost(connection, span)
    if len(lost) > TOLD_RANGES:
        lost = [*lost[: TOLD_RANGES - 1], (lost[TOLD_RANGES - 1][0], lost[-1][1])]
    return JournalSetAside(
        journal=span.journal,
        epoch=span.epoch,
        salvaged=salvaged,
        lost=tuple(lost),
        reason=reason[:80],
    )


def _lost(connection: sqlite3.Connection, span: Span) -> list[Range]:
    """The ranges of seq of which no body was saved, those purged before left out."""
    saved = connection.execute(
        "SELECT id FROM event WHERE id > ? AND id <= ? AND boot <> ? ORDER BY id",
        (span.base, span.base + span.head, DAMAGED),
    )
    lost, expected = [], span.purged_to + 1
    for (number,) in saved:
        if number - span.base > expected:
            lost.append((expected, number - span.base - 1))
        expected = number - span.base + 1
    if expected <= span.head:
        lost.append((expected, span.head))
    return lost
