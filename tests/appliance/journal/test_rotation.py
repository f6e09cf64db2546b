"""A restored or cloned card goes on under a new epoch, and no row is lost over it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from appliance.errors import OperatorError
from appliance.journal import Journal, JournalReader
from appliance.journal.sound import is_whole
from protocol.event import Key
from protocol.unit import EpochRotated
from tests.appliance.journal.support import check_in, numbers_of, opened, rows_of


def filled(journal: Journal, count: int) -> None:
    for number in range(1, count + 1):
        journal.append(check_in(number))


def test_rows_from_the_fork_on_get_new_keys_and_keep_the_old_ones(
    journal: Journal, path: Path
) -> None:
    filled(journal, 5)
    old, before = journal.epoch, rows_of(path)
    journal.rotate(4)
    assert (journal.epoch != old, journal.head) == (True, 3)
    after = rows_of(path)
    assert [(row.seq, row.body, row.origin) for row in after[:2]] == [
        (1, before[3].body, Key(old, 4)),
        (2, before[4].body, Key(old, 5)),
    ]
    assert after[2].type == "journal.rotated"
    assert is_whole(after, journal.epoch, bytes(8))
    assert rows_of(path, old) == before[:3]
    with JournalReader.open(path) as reader:
        assert [entry.event for entry in reader.entries(["journal.rotated"])] == [
            EpochRotated(fork=Key(old, 4))
        ]


def test_appends_go_on_in_the_new_epoch_after_a_restart_too(journal: Journal, path: Path) -> None:
    filled(journal, 3)
    journal.rotate(2)
    epoch = journal.epoch
    assert journal.append(check_in(9)) == 4
    journal.close()
    again = opened(path)
    assert (again.epoch, again.append(check_in(10))) == (epoch, 5)
    again.close()
    assert is_whole(rows_of(path), epoch, bytes(8))


def test_a_second_rotation_keeps_the_first_origin(journal: Journal, path: Path) -> None:
    filled(journal, 4)
    first = journal.epoch
    journal.rotate(3)
    journal.rotate(2)
    assert [row.origin for row in rows_of(path)][:1] == [Key(first, 4)]
    with JournalReader.open(path) as reader:
        assert [entry.key for entry in reader.entries(["visit.checked_in"])] == [
            Key(first, seq) for seq in (1, 2, 3, 4)
        ]


@pytest.mark.parametrize("fork_at", [1, 5, 6])
def test_a_fork_at_either_end_is_one_too(journal: Journal, path: Path, fork_at: int) -> None:
    filled(journal, 5)
    old = journal.epoch
    journal.rotate(fork_at)
    assert journal.head == 5 - fork_at + 2
    assert len(rows_of(path, old)) == fork_at - 1
    assert numbers_of(path) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("fork_at", [0, 7])
def test_a_fork_that_is_not_in_the_journal_is_refused(journal: Journal, fork_at: int) -> None:
    filled(journal, 5)
    old = journal.epoch
    with pytest.raises(OperatorError, match="it has 5 rows"):
        journal.rotate(fork_at)
    assert (journal.epoch, journal.head) == (old, 5)


def test_a_clone_and_its_twin_part_ways(journal: Journal, path: Path, tmp_path: Path) -> None:
    filled(journal, 3)
    journal.close()
    clone = tmp_path / "clone" / "screen.db"
    shutil.copytree(path.parent, clone.parent)
    one, other = opened(path), opened(clone)
    one.append(check_in(40))
    other.append(check_in(50))
    with JournalReader.open(path) as here, JournalReader.open(clone) as there:
        assert here.digest(3) == there.digest(3)
        assert here.digest(4) != there.digest(4)
    other.rotate(4)
    assert one.epoch != other.epoch
    assert numbers_of(clone) == [1, 2, 3, 50]
    one.close()
    other.close()


def test_a_card_restored_from_yesterday_loses_nothing(
    journal: Journal, path: Path, tmp_path: Path
) -> None:
    filled(journal, 5)
    yesterday = tmp_path / "yesterday.db"
    with closing(sqlite3.connect(yesterday)) as copy:
        journal.database.conn.backup(copy)
    for number in (6, 7, 8):
        journal.append(check_in(number))
    ledger = {row.seq: row.digest for row in rows_of(path)}
    old = journal.epoch
    journal.close()
    for left in path.parent.iterdir():
        left.unlink()
    yesterday.replace(path)
    restored = opened(path)
    assert (restored.epoch, restored.head) == (old, 5)
    for number in (60, 70):
        restored.append(check_in(number))
    fork = next(row.seq for row in rows_of(path) if ledger[row.seq] != row.digest)
    assert fork == 6
    restored.rotate(fork)
    restored.close()
    assert numbers_of(path) == [1, 2, 3, 4, 5, 60, 70]
    assert [row.digest for row in rows_of(path, old)] == [ledger[seq] for seq in range(1, 6)]
    assert is_whole(rows_of(path), rows_epoch(path), bytes(8))


def rows_epoch(path: Path) -> int:
    with JournalReader.open(path) as reader:
        return reader.epoch


def test_a_power_cut_in_a_rotation_leaves_the_old_epoch_or_the_new_one(
    journal: Journal, path: Path
) -> None:
    filled(journal, 5)
    before, old = rows_of(path), journal.epoch
    journal.database.execute(
        "CREATE TRIGGER fails BEFORE INSERT ON event BEGIN SELECT raise(ABORT, 'cut'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        journal.rotate(3)
    assert (journal.epoch, journal.head, rows_of(path)) == (old, 5, before)
