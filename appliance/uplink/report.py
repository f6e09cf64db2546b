"""How far each journal has come, for whoever asks on the unit. Reads files, needs no uplink."""

import os
import sqlite3
from pathlib import Path
from typing import Any, NamedTuple

from protocol.row import Row

from ..clock import BootClock, utc_at
from ..config import UnitConfig
from ..errors import OperatorError
from ..journal import JournalReader
from ..journal.reader import journals
from ..journal.schema import connect_reading
from ..journal.spans import Span
from .anchors import Anchors
from .cursors import uplink_file
from .packing import dated


class Report(NamedTuple):
    """What could be read, and one sentence for each journal that could not."""

    lines: list[dict[str, object]]
    unread: list[str]


class Waiting(NamedTuple):
    """What is still on board alone."""

    rows: int
    since: int | None
    """When the oldest of them was made, milliseconds since 1970; None: none, or not known."""
    sent: int | None
    """When a receipt last came; None: never, or not known."""


def waiting(config: UnitConfig, clock: BootClock) -> Waiting:
    """What no receipt covers yet. A journal that cannot be read is left out: `report` tells it."""
    data, rows, made = config.paths.data, 0, list[int | None]()
    anchors = Anchors(data / "vehicle.db", clock)
    watermarks = _table(data, "SELECT epoch, stored_to FROM cursor")
    for path in journals(data):
        try:
            with JournalReader.open(path) as reader:
                for span in reader.spans:
                    watermark = min(watermarks.get(span.epoch, 0), span.head)
                    rows += span.head - watermark
                    made += _made(reader, span, watermark, anchors)
        except OperatorError:
            continue
    known = [utc for utc in made if utc is not None]
    return Waiting(rows, min(known, default=None), _sent(data, anchors))


def _made(reader: JournalReader, span: Span, after: int, anchors: Anchors) -> list[int | None]:
    rows = reader.rows(after, epoch=span.epoch, limit_rows=1)
    return [row.utc for row in dated(rows, anchors.of) if isinstance(row, Row)]


def _sent(data: Path, anchors: Anchors) -> int | None:
    for boot_id, boottime, utc in _rows(data, "SELECT boot_id, boottime, utc FROM sent"):
        anchor = anchors.of(boot_id)
        return utc if anchor is None else utc_at(anchor, boottime)
    return None


def report(config: UnitConfig) -> Report:
    """Per epoch: name, epoch, head, watermark, backlog, quarantined (rows sent as tombstones).

    The live epoch of each journal, and every other one that is not drained yet.
    """
    data = config.paths.data
    watermarks = _table(data, "SELECT epoch, stored_to FROM cursor")
    quarantined = _table(data, "SELECT epoch, count(*) FROM quarantine GROUP BY epoch")
    told = Report([], [])
    for path in journals(data):
        try:
            spans = _spans(path)
        except OperatorError as error:
            told.unread.append(_with_remedy(error, path, data))
            continue
        for span in reversed(spans):
            watermark = min(watermarks.get(span.epoch, 0), span.head)
            live = span is spans[-1] and path.parent == data
            if live or span.head > watermark:
                told.lines.append(
                    {
                        "name": span.journal,
                        "epoch": span.epoch,
                        "head": span.head,
                        "watermark": watermark,
                        "backlog": span.head - watermark,
                        "quarantined": quarantined.get(span.epoch, 0),
                    }
                )
    return told


def _spans(path: Path) -> list[Span]:
    with JournalReader.open(path) as reader:
        return reader.spans


def _with_remedy(error: OperatorError, path: Path, data: Path) -> str:
    """The sentence for a person; one that is not about the file itself says already what to do."""
    if not isinstance(error.__cause__, sqlite3.Error):
        return str(error)
    return f"{str(error).rstrip('.')}: {_remedy(path, data)}."


def _remedy(path: Path, data: Path) -> str:
    if not os.access(path, os.R_OK):
        return "ask as root, or as one of the file's group"
    if not path.is_file():
        return "move it away, a journal is a file"
    if path.parent != data:
        return "keep it, it was set aside and its rows may still be wanted"
    if path.stem == "cli":
        return "append to it again, which will mend it"
    return f"restart escale-{path.stem}, which will mend it"


def _table(data: Path, query: str) -> dict[int, int]:
    return dict(_rows(data, query))


def _rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    """What the uplink remembers; nothing while it has never run, or while its file is damaged."""
    path = uplink_file(data)
    if not path.exists():
        return []
    try:
        connection = connect_reading(path)
    except sqlite3.Error:
        return []
    try:
        return connection.execute(query).fetchall()
    except sqlite3.DatabaseError:
        return []
    finally:
        connection.close()
