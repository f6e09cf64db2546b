"""Helpers of the journal's tests: a journal of check-ins, and what a reader sees of it."""

from pathlib import Path

from appliance.clock import Anchor
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from protocol.row import Row, Tombstone
from protocol.visits import CheckedIn

UTC = 1_795_000_000_000
"""Some day at the end of 2026, in milliseconds."""
DAY = 86_400_000


def check_in(number: int = 1, **fields: object) -> CheckedIn:
    return CheckedIn(number=number, door="logement", theme="logement", **fields)


def opened(path: Path, clock: SettableClock | None = None) -> Journal:
    return Journal.open(path, name=path.stem, clock=clock or SettableClock())


def anchored(journal: Journal, utc: int = UTC) -> None:
    """From now on the journal knows the time."""
    clock = journal.clock
    journal.anchor = Anchor(clock.boot_id, clock.boottime(), utc, "gps", 50)


def rows_of(path: Path, epoch: int | None = None) -> list[Row | Tombstone]:
    """All rows of one epoch, read step by step."""
    with JournalReader.open(path) as reader:
        rows: list[Row | Tombstone] = []
        seq = reader.span(epoch).purged_to
        while more := reader.rows(seq, epoch=epoch):
            rows += more
            seq = more[-1].seq
        return rows


def numbers_of(path: Path, epoch: int | None = None) -> list[int | None]:
    """The numbers of its check-ins; None for a row that is one no more."""
    with JournalReader.open(path) as reader:
        types = ["visit.checked_in"]
        return [entry.event.number for entry in reader.entries(types)]  # type: ignore[union-attr]
