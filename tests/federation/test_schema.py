"""Ledgers of every age are opened: what older software wrote goes on."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from federation import reading
from federation.config import Store
from federation.database import reading_ledger
from federation.errors import OperatorError
from federation.ledger import Ledger
from federation.schema import VERSION

from .van import UNIT, Van

NOON = 1_777_885_200_000


def shape(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as file:
        return file.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def of_version_1(path: Path) -> None:
    """A ledger that the first release wrote (tests/data/ledger)."""
    kept = Path(__file__).parents[1] / "data" / "ledger" / "version-1.sqlite.gz"
    path.write_bytes(gzip.decompress(kept.read_bytes()))


def test_a_ledger_of_version_1_is_brought_up_to_date_where_it_stands(tmp_path: Path) -> None:
    old, new = Store(data=tmp_path), Store(data=tmp_path / "new")
    of_version_1(old.ledger)
    ledger = Ledger.open(old)
    before = list(reading.entries(ledger.database))
    stored = ledger.receipt(UNIT).epochs
    assert (len(before), stored["7"].fork_at, stored["1000000"].stored_to) == (26, 22, 4)
    with ledger.transaction():
        ledger.store(Van(epoch=8).notes(3).batch(1, 3), NOON)
    assert ledger.database.execute("SELECT apart, not_authentic FROM unit").fetchall() == [(0, 0)]
    ledger.close()
    Ledger.open(new).close()
    assert shape(old.ledger) == shape(new.ledger)
    again = Ledger.open(old)
    assert len(list(reading.entries(again.database))) == 29
    assert again.database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    again.close()


def test_a_reader_of_an_older_ledger_is_told_who_brings_it_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    of_version_1(path)
    with (
        pytest.raises(OperatorError, match="start escale-federation ingest, which brings it up"),
        reading_ledger(Store(data=tmp_path)),
    ):
        pass


def test_a_newer_ledger_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(Store(data=tmp_path)).close()
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version={VERSION + 1}")
    with pytest.raises(OperatorError, match="install the other one"):
        Ledger.open(Store(data=tmp_path))


def test_what_is_deleted_cannot_be_read_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger.open(Store(data=tmp_path))
    ledger.database.execute("INSERT INTO sealed VALUES (1, ?, NULL)", (b"envelope" * 50,))
    ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"envelope" * 50 in path.read_bytes()
    ledger.database.execute("UPDATE sealed SET envelope = NULL, erased = 1")
    ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"envelope" * 2 not in path.read_bytes()
    ledger.close()
