"""Verified copies of what the federation has not receipted, two at the most."""

import sqlite3
from pathlib import Path

import pytest

from appliance.errors import OperatorError
from appliance.journal import Journal
from appliance.keeper import copies, integrity
from appliance.twins.clock import SettableClock
from protocol.duty import Ended, Started
from tests.appliance.journal.support import sealed, sign_up


def a_journal(data: Path, name: str = "screen", rows: int = 10) -> Journal:
    data.mkdir(parents=True, exist_ok=True)
    journal = Journal.open(data / f"{name}.db", name=name, clock=SettableClock())
    for number in range(rows):
        journal.append(Started() if number % 2 else Ended())
    return journal


def receipted(data: Path, journal: Journal, stored_to: int) -> None:
    """As the uplink would note it."""
    uplink = Journal.open(data / "uplink.db", name="uplink", clock=SettableClock())
    with uplink.atomic():
        execute = uplink.database.conn.execute
        execute(
            "CREATE TABLE IF NOT EXISTS cursor (epoch INTEGER PRIMARY KEY, journal TEXT,"
            " stored_to INTEGER, fork_at INTEGER, updated INTEGER)"
        )
        values = (journal.epoch, journal.name, stored_to)
        execute("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, NULL, 0)", values)
    uplink.close()


def a_copy_is_made(data: Path) -> None:
    for _ in copies.make(data):
        pass


def seqs(copy: Path) -> list[int]:
    database = sqlite3.connect(copy)
    try:
        return [seq for (seq,) in database.execute("SELECT seq FROM row ORDER BY epoch, seq")]
    finally:
        database.close()


def test_only_what_is_not_receipted_is_copied(tmp_path: Path) -> None:
    screen = a_journal(tmp_path)
    receipted(tmp_path, screen, 7)
    a_copy_is_made(tmp_path)
    (copy,) = copies.existing(tmp_path)
    assert seqs(copy) == [8, 9, 10]
    screen.close()


def test_a_copy_holds_the_same_bytes_and_its_chain_is_followed(tmp_path: Path) -> None:
    screen = a_journal(tmp_path, rows=3)
    a_copy_is_made(tmp_path)
    (copy,) = copies.existing(tmp_path)
    list(copies.verify(copy))
    database = sqlite3.connect(copy)
    database.execute("UPDATE row SET body = '{\"trial\":true}' WHERE seq = 2")
    database.commit()
    database.close()
    with pytest.raises(OperatorError, match=r"rows 1 to 3 of epoch .* are not the same"):
        list(copies.verify(copy))
    screen.close()


def test_a_damaged_copy_is_told_in_one_sentence(tmp_path: Path) -> None:
    screen = a_journal(tmp_path, rows=200)
    a_copy_is_made(tmp_path)
    (copy,) = copies.existing(tmp_path)
    content = bytearray(copy.read_bytes())
    content[8192:8400] = bytes(208)
    copy.write_bytes(content)
    with pytest.raises(OperatorError):
        list(copies.verify(copy))
    screen.close()


def test_there_are_two_copies_at_the_most_and_the_oldest_gives_way(tmp_path: Path) -> None:
    screen = a_journal(tmp_path, rows=1)
    for _ in range(4):
        a_copy_is_made(tmp_path)
        screen.append(Started())
    newest, older = copies.existing(tmp_path)
    assert (seqs(newest), seqs(older)) == ([1, 2, 3, 4], [1, 2, 3])
    assert sorted(path.name for path in (tmp_path / "backup").iterdir()) == [
        "pending-1.db",
        "pending-2.db",
    ]
    screen.close()


def test_a_row_leaves_every_copy_once_it_is_receipted(tmp_path: Path) -> None:
    screen = a_journal(tmp_path, rows=4)
    a_copy_is_made(tmp_path)
    a_copy_is_made(tmp_path)
    receipted(tmp_path, screen, 3)
    copies.forget_receipted(tmp_path)
    assert [seqs(copy) for copy in copies.existing(tmp_path)] == [[4], [4]]
    list(copies.verify(copies.existing(tmp_path)[0]))
    receipted(tmp_path, screen, 4)
    copies.forget_receipted(tmp_path)
    assert copies.existing(tmp_path) == []
    screen.close()


def test_the_journal_goes_on_while_a_copy_is_made_in_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "SLICE", 5)
    screen = a_journal(tmp_path, rows=12)
    for _ in copies.make(tmp_path):
        if screen.head < 20:
            screen.append(Started())
    (copy,) = copies.existing(tmp_path)
    assert seqs(copy) == list(range(1, len(seqs(copy)) + 1))
    assert len(seqs(copy)) >= 12
    screen.close()


def test_a_copy_given_up_halfway_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "SLICE", 5)
    screen = a_journal(tmp_path, rows=20)
    making = copies.make(tmp_path)
    next(making)
    making.close()
    assert list((tmp_path / "backup").iterdir()) == []
    screen.close()


def test_an_integrity_check_tells_a_sound_file_from_a_damaged_one(tmp_path: Path) -> None:
    screen = a_journal(tmp_path, rows=500)
    screen.close()
    path = tmp_path / "screen.db"
    assert integrity.check(path) == "ok"
    content = bytearray(path.read_bytes())
    for page in range(3, len(content) // 1024):
        content[page * 1024 : page * 1024 + 64] = b"\xff" * 64
    path.write_bytes(content)
    assert "screen.db" in integrity.check(path)
    assert integrity.check(path).endswith("restart its service, which will mend it.")
    path.write_bytes(b"no database at all" * 100)
    assert integrity.check(path).startswith("screen.db cannot be read")


def sealed_seqs(copy: Path) -> list[int]:
    database = sqlite3.connect(copy)
    try:
        found = database.execute("SELECT seq FROM row WHERE envelope IS NOT NULL ORDER BY seq")
        return [seq for (seq,) in found]
    finally:
        database.close()


def test_an_envelope_is_in_the_copies_as_long_as_its_row(tmp_path: Path) -> None:
    screen = a_journal(tmp_path, rows=2)
    for _ in range(2):
        screen.append_sealed(sign_up(), sealed())
    a_copy_is_made(tmp_path)
    (copy,) = copies.existing(tmp_path)
    assert sealed_seqs(copy) == [3, 4]
    (envelope,) = screen.database.execute("SELECT envelope FROM sealed WHERE id = 3").fetchone()
    assert envelope in copy.read_bytes()
    receipted(tmp_path, screen, 3)
    copies.forget_receipted(tmp_path)
    assert (sealed_seqs(copy), envelope in copy.read_bytes()) == ([4], False)
    screen.close()


def test_a_copy_with_an_envelope_that_is_not_its_row_s_own_is_not_kept(tmp_path: Path) -> None:
    screen = a_journal(tmp_path, rows=1)
    screen.append_sealed(sign_up(), sealed())
    a_copy_is_made(tmp_path)
    (copy,) = copies.existing(tmp_path)
    list(copies.verify(copy))
    database = sqlite3.connect(copy)
    database.execute("UPDATE row SET envelope = x'00' WHERE seq = 2")
    database.commit()
    database.close()
    with pytest.raises(OperatorError, match=r"rows 1 to 2 of epoch .* are not the same"):
        list(copies.verify(copy))
    screen.close()
