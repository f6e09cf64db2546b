"""Erased is erased: in the ledger, in its log, in every backup, and after a backup is put back."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from federation import schema, sqlite
from federation.config import Store
from federation.database import reading_ledger
from federation.ledger import Ledger
from federation.people import backups, erasing, held, opening, signups, store
from federation.people.store import Deed
from protocol.event import Key
from protocol.workshops import Attended, Cancelled
from tests.federation.people.desk import FEDERATION, Desk
from tests.federation.stores import on_sqlite

MARIUS = Deed(5000, "marius", "erased", "van-germaine 7/1", "asked by phone")


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def put_back(copy: Path, folder: Path) -> Store:
    """A store whose ledger that copy is."""
    store_ = Store(data=folder / copy.stem)
    store_.data.mkdir()
    shutil.copy(copy, store_.ledger)
    return store_


def erase(desk: Desk, number: int) -> store.Erasure:
    erasure = erasing.ask(desk.store, desk.find(number), MARIUS)
    desk.close()
    assert erasing.carry_out(desk.store, [erasure])
    return erasure


@on_sqlite
def test_after_an_erasure_no_byte_of_the_envelope_is_left_in_the_ledger(desk: Desk) -> None:
    key = desk.sign_up(12, "Aïcha")
    other = desk.sign_up(13, "Marius")
    envelope, kept = desk.envelope(key), desk.envelope(other)
    assert envelope is not None
    assert kept is not None
    assert envelope[40:200] in bytes_of(desk.store.data)
    erase(desk, 12)
    assert envelope[40:200] not in bytes_of(desk.store.data)
    assert kept[40:200] in bytes_of(desk.store.data)


@on_sqlite
def test_an_erasure_reaches_every_backup(desk: Desk, tmp_path: Path) -> None:
    key = desk.sign_up(12, "Aïcha")
    envelope = desk.envelope(key)
    folder = tmp_path / "backups"
    for stamp in ("20260101-000000", "20260102-000000"):
        backups.make(desk.store, folder, stamp)
    assert envelope is not None
    assert bytes_of(folder).count(envelope[40:120]) == 2
    erasure = erase(desk, 12)
    assert erasing.from_backups(folder, [erasure]) == 2
    assert envelope[40:120] not in bytes_of(folder)
    for copy in folder.glob("ledger-*.sqlite"):
        with reading_ledger(put_back(copy, tmp_path)) as database:
            assert held.find(database, desk.store, 12, None, None).erased == 5000


@on_sqlite
def test_nobody_else_can_read_a_backup_even_while_it_is_being_made(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sign_up(12, "Aïcha")
    folder, seen = tmp_path / "backups", set[int]()

    def watched(path: Path) -> sqlite3.Connection:
        connection = sqlite.connect_reading(path)
        connection.set_progress_handler(
            lambda: seen.update(each.stat().st_mode & 0o777 for each in folder.iterdir()), 1
        )
        return connection

    monkeypatch.setattr(backups, "connect_reading", watched)
    before = os.umask(0)
    try:
        made = backups.make(desk.store, folder, "20260101-000000")
    finally:
        os.umask(before)
    assert seen == {0o600}
    assert [path.stat().st_mode & 0o777 for path in made] == [0o600]


@on_sqlite
def test_a_backup_from_before_there_were_names_keeps_none_in_the_newer_ones(
    desk: Desk, tmp_path: Path
) -> None:
    envelope = desk.envelope(desk.sign_up(12, "Aïcha"))
    folder = tmp_path / "backups"
    backups.make(desk.store, folder, "20260102-000000")
    with closing(sqlite3.connect(folder / "ledger-20250101-000000.sqlite")) as old:
        old.executescript(schema.STEPS[0])
    assert envelope is not None
    assert erasing.from_backups(folder, [erase(desk, 12)]) == 2
    assert envelope[40:120] not in bytes_of(folder)


@on_sqlite
def test_a_backup_that_is_put_back_forgets_what_was_forgotten(desk: Desk, tmp_path: Path) -> None:
    key = desk.sign_up(12, "Aïcha")
    envelope = desk.envelope(key)
    (copy,) = backups.make(desk.store, tmp_path / "backups", "20260101-000000")
    erase(desk, 12)
    shutil.copy(copy, desk.store.ledger)
    assert envelope is not None
    assert envelope[40:120] in desk.store.ledger.read_bytes()
    asked = [erasure for _, erasure in store.erasures(desk.store)]
    assert erasing.carry_out(desk.store, asked)
    assert envelope[40:120] not in desk.store.ledger.read_bytes()
    with reading_ledger(desk.store) as database:
        assert held.find(database, desk.store, 12, None, None).envelope is None


def test_the_fact_stays_and_the_chain_and_the_watermark_with_it(desk: Desk) -> None:
    key = desk.sign_up(12, "Aïcha")
    desk.tell(Attended(workshop="cv-telephone", status="present", sign_up=key))
    before = desk.ledger.receipt(desk.unit)
    rows = desk.database.execute("SELECT seq, body, digest FROM event ORDER BY seq").fetchall()
    erase(desk, 12)
    again = Ledger.open(desk.store)
    try:
        assert again.receipt(desk.unit) == before
        found = again.database.execute("SELECT seq, body, digest FROM event ORDER BY seq")
        assert found.fetchall() == rows
    finally:
        again.close()


def test_while_ingest_writes_the_ledger_the_request_waits_for_it(desk: Desk) -> None:
    desk.sign_up(12, "Aïcha")
    erasure = erasing.ask(desk.store, desk.find(12), MARIUS)
    assert not erasing.carry_out(desk.store, [erasure])
    assert not erasing.is_done(desk.store, erasure)
    assert [told for _, told in store.erasures(desk.store)] == [erasure]
    with desk.ledger.transaction():
        erasing.apply(desk.database, [erasure])
    assert erasing.is_done(desk.store, erasure)


def test_an_erased_sign_up_opens_as_nothing_and_is_still_found(desk: Desk) -> None:
    key = desk.sign_up(12, "Aïcha")
    desk.tell(Cancelled(sign_up=key))
    erasure = erasing.ask(desk.store, desk.find(12), MARIUS)
    with desk.ledger.transaction():
        erasing.apply(desk.database, [erasure])
    found = desk.find(12)
    assert (found.key, found.erased) == (Key(7, 1), 5000)
    words = signups.told_of(signups.told(desk.database), found)
    assert signups.stands(found, words).seats == 0
    assert opening.open_audited(desk.store, found, [FEDERATION], MARIUS) == {}


@on_sqlite
def test_only_the_newest_backups_are_kept(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for number in range(5):
        backups.make(desk.store, folder, f"2026010{number}-000000", kept=3)
    assert [path.name for path in sorted(folder.iterdir())] == [
        f"ledger-2026010{number}-000000.sqlite" for number in (2, 3, 4)
    ]


@on_sqlite
def test_a_folder_that_cannot_be_made_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Exception, match=r"cannot be made .*\[store\] backups"):
        backups.make(desk.store, tmp_path / "file" / "backups", "x")
