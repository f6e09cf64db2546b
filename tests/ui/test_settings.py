"""What staff set stays set, and what cannot be read was never set."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance.errors import JournalRefused
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from ui.settings import OnBoard, Settings


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal.open(tmp_path / "screen.db", name="screen", clock=SettableClock())
    yield opened
    opened.close()


def test_what_was_set_is_there_after_a_start(journal: Journal) -> None:
    first = Settings(journal)
    assert first.values == OnBoard()
    first.change(volume=3, languages=("ar", "fr"), keyboard="azerty")
    assert first.values.volume == 3
    assert Settings(journal).values == OnBoard(volume=3, languages=("ar", "fr"), keyboard="azerty")


def test_what_is_no_value_changes_nothing(journal: Journal) -> None:
    settings = Settings(journal)
    for wrong in ({"volume": 11}, {"brightness": 0}, {"keyboard": "qwerty"}, {"languages": "fr"}):
        with pytest.raises(msgspec.ValidationError):
            settings.change(**wrong)
    assert Settings(journal).values == OnBoard()


def test_a_damaged_value_and_one_of_a_newer_version_are_as_if_never_set(journal: Journal) -> None:
    settings = Settings(journal)
    settings.change(volume=3)
    with journal.atomic():
        journal.database.conn.executemany(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)",
            [("brightness", b"99"), ("keyboard", b"\xff"), ("colour", b'"green"')],
        )
    assert Settings(journal).values == OnBoard(volume=3)


def test_a_card_that_takes_nothing_keeps_what_was_set(journal: Journal) -> None:
    settings = Settings(journal)
    journal.database.conn.execute("PRAGMA max_page_count = 1")
    with pytest.raises(JournalRefused):
        settings.change(questions=tuple(f"question-{number}" for number in range(2000)))
    assert settings.values == OnBoard()


def test_a_table_that_cannot_be_read_is_not_taken_for_an_empty_one(journal: Journal) -> None:
    Settings(journal).change(volume=3)
    with journal.atomic():
        journal.database.conn.execute("ALTER TABLE setting RENAME COLUMN value TO spoilt")
    with pytest.raises(sqlite3.OperationalError):
        Settings(journal)
