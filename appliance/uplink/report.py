"""How far each journal has come, for whoever asks on the unit. Reads files, needs no uplink."""

import sqlite3
from pathlib import Path

from ..config import UnitConfig
from ..journal import JournalReader
from ..journal.reader import journals
from ..journal.schema import connect_reading
from .cursors import uplink_file


def journal_status(config: UnitConfig) -> list[dict[str, object]]:
    """Per epoch: name, epoch, head, watermark, backlog, quarantined (rows sent as tombstones).

    The live epoch of each journal, and every other one that is not drained yet. Raises
    OperatorError when a journal cannot be read.
    """
    data = config.paths.data
    watermarks = _table(data, "SELECT epoch, stored_to FROM cursor")
    quarantined = _table(data, "SELECT epoch, count(*) FROM quarantine GROUP BY epoch")
    told: list[dict[str, object]] = []
    for path in journals(data):
        with JournalReader.open(path) as reader:
            spans = reader.spans
        for span in reversed(spans):
            watermark = min(watermarks.get(span.epoch, 0), span.head)
            live = span is spans[-1] and path.parent == data
            if live or span.head > watermark:
                told.append(
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
