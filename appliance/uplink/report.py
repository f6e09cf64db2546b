"""How far each journal has come, for whoever asks on the unit. Reads files, needs no uplink."""

import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from ..config import UnitConfig
from ..errors import OperatorError
from ..journal import JournalReader
from ..journal.reader import journals
from ..journal.schema import connect_reading
from ..journal.spans import Span
from .cursors import uplink_file


class Report(NamedTuple):
    """What could be read, and one sentence for each journal that could not."""

    lines: list[dict[str, object]]
    unread: list[str]


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
    """What the uplink remembers; nothing while it has never run, or while its file is damaged."""
    path = uplink_file(data)
    if not path.exists():
        return {}
    try:
        connection = connect_reading(path)
    except sqlite3.Error:
        return {}
    try:
        return dict(connection.execute(query).fetchall())
    except sqlite3.DatabaseError:
        return {}
    finally:
        connection.close()
