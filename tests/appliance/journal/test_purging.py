"""Receipted rows leave when their time is over; seqs, digests and the last word on duty stay."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.journal import Journal, JournalReader, purging
from appliance.journal.sound import is_whole
from appliance.twins.clock import SettableClock
from protocol.duty import Ended, Started
from protocol.row import NO_DIGEST, Row, Tombstone
from protocol.unit import Booted
from protocol.workshops import SignedUp
from tests.appliance.journal.support import (
    DAY,
    UTC,
    anchored,
    check_in,
    numbers_of,
    opened,
    rows_of,
)

SIGN_UP = SignedUp(workshop="cv", number=12)


def days_later(journal: Journal, days: float) -> None:
    journal.clock.advance(days * 86_400)


def test_rows_are_purged_when_receipted_and_old(journal: Journal, path: Path) -> None:
    for number in (1, 2, 3):
        journal.append(check_in(number))
    days_later(journal, 3.1)
    journal.append(check_in(4))
    assert journal.purge(2) == 2
    assert numbers_of(path) == [3, 4]
    assert journal.purge(4) == 1
    assert numbers_of(path) == [4]


def test_what_is_not_receipted_is_never_purged(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    days_later(journal, 300)
    assert journal.purge(0) == 0
    assert numbers_of(path) == [1]


def test_a_watermark_beyond_the_journal_purges_no_more_than_there_is(
    journal: Journal, path: Path
) -> None:
    journal.append(check_in(1))
    days_later(journal, 4)
    assert journal.purge(1000) == 1
    assert (journal.append(check_in(2)), numbers_of(path)) == (2, [2])


def test_a_seq_is_never_given_twice_even_when_all_is_purged(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    days_later(journal, 4)
    journal.purge(1)
    epoch = journal.epoch
    journal.close()
    again = opened(path, SettableClock())
    assert (again.epoch, again.head, again.append(check_in(2))) == (epoch, 1, 2)
    again.close()


def test_the_chain_s_base_survives(journal: Journal, path: Path) -> None:
    for number in range(5):
        journal.append(check_in(number))
    before = rows_of(path)
    days_later(journal, 4)
    journal.append(check_in(6))
    journal.purge(3)
    with JournalReader.open(path) as reader:
        assert (reader.digest(2), reader.digest(3)) == (None, before[2].digest)
    assert is_whole(rows_of(path), journal.epoch, before[2].digest)
    assert rows_of(path)[:2] == before[3:]


def test_purged_rows_hold_their_place_for_whoever_asks(journal: Journal, path: Path) -> None:
    for number in range(4):
        journal.append(check_in(number))
    digest = rows_of(path)[1].digest
    days_later(journal, 4)
    journal.purge(2)
    with JournalReader.open(path) as reader:
        assert reader.rows(0)[:2] == [Tombstone(1, "", 0, NO_DIGEST), Tombstone(2, "", 0, digest)]
        assert [type(row) for row in reader.rows(1)] == [Tombstone, Row, Row]


def test_a_row_behind_one_still_needed_loses_its_body_alone(journal: Journal, path: Path) -> None:
    anchored(journal)
    journal.append(SIGN_UP)
    journal.append(check_in(1))
    journal.append(check_in(2))
    digests = [row.digest for row in rows_of(path)]
    days_later(journal, 4)
    assert (journal.purge(3), journal.purge(3)) == (2, 0)
    husks = [Tombstone(seq, "visit.checked_in", 0, digests[seq - 1]) for seq in (2, 3)]
    assert rows_of(path)[1:] == husks
    days_later(journal, 60)
    for _ in range(60):  # the clock is believed day by day
        journal.remember_time()
    journal.purge(3)
    assert rows_of(path) == []


def test_the_latest_word_on_duty_stays_however_old(journal: Journal, path: Path) -> None:
    journal.append(Started())
    journal.append(Ended())
    journal.append(Started())
    days_later(journal, 50)
    journal.append(check_in(1))
    journal.purge(4)
    with JournalReader.open(path) as reader:
        latest = reader.latest(["duty.started", "duty.ended"])
        assert latest is not None
        assert (latest.key.seq, latest.event) == (3, Started())
        assert reader.span().purged_to == 2


@pytest.mark.parametrize("step", [10 * 365.25, -10 * 365.25])
def test_a_clock_stepped_ten_years_forgets_nothing(
    journal: Journal, path: Path, step: float, clock: SettableClock
) -> None:
    anchored(journal)
    journal.append(SIGN_UP)
    journal.append(check_in(1))
    journal.remember_time()
    clock.reboot()
    anchored(journal, UTC + round(step * DAY))
    journal.append(check_in(2))
    assert journal.purge(3) == 0
    clock.reboot()
    anchored(journal, UTC + DAY)
    assert journal.purge(3) == 0
    assert numbers_of(path) == [1, 2]


def test_it_is_done_in_bites(journal: Journal, path: Path) -> None:
    with journal.atomic():
        for number in range(6001):
            journal.append(check_in(number))
    days_later(journal, 4)
    assert [journal.purge(6000) for _ in range(3)] == [purging.BITE, 1000, 0]
    assert numbers_of(path) == [6000]


def test_the_space_of_purged_rows_is_given_back_to_the_disk(journal: Journal, path: Path) -> None:
    with journal.atomic():
        for number in range(30_000):
            journal.append(check_in(number))
    days_later(journal, 4)
    journal.database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    full = path.stat().st_size
    for _ in range(20):
        journal.purge(30_000)
    journal.database.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    spare = purging.SPARE_PAGES * 1024
    assert full > 1.5 * spare
    assert path.stat().st_size < 1.1 * spare


def test_what_was_purged_is_gone_from_the_card(journal: Journal, path: Path) -> None:
    journal.append_raw("loan.opened", b'{"to":"canary-4711"}')
    journal.append(Booted(version="1"))
    days_later(journal, 4)
    journal.purge(2)
    journal.close()
    assert b"canary-4711" not in path.read_bytes()


def test_purging_an_epoch_left_behind(journal: Journal, path: Path) -> None:
    for number in (1, 2, 3):
        journal.append(check_in(number))
    old = journal.epoch
    journal.rotate(3)
    days_later(journal, 4)
    assert (journal.purge(99, epoch=old), journal.purge(99, epoch=12345)) == (2, 0)
    assert numbers_of(path) == [3]
    assert rows_of(path, old) == []


class Uplink:
    """The cursor table as the uplink keeps it."""

    def __init__(self, path: Path) -> None:
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute(
            "CREATE TABLE cursor (epoch INTEGER PRIMARY KEY, journal TEXT, stored_to INTEGER,"
            " fork_at INTEGER, updated INTEGER)"
        )

    def receipt(self, epoch: int, stored_to: int, fork_at: int | None = None) -> None:
        self.database.execute(
            "INSERT OR REPLACE INTO cursor VALUES (?, 'screen', ?, ?, 0)",
            (epoch, stored_to, fork_at),
        )


@pytest.fixture
def uplink(journal: Journal) -> Iterator[Uplink]:
    uplink = Uplink(journal.path.with_name("uplink.db"))
    yield uplink
    uplink.database.close()


def test_housekeeping_purges_below_the_uplink_s_cursor_once_an_hour(
    journal: Journal, uplink: Uplink, path: Path
) -> None:
    for number in (1, 2, 3):
        journal.append(check_in(number))
    journal.append(SIGN_UP)
    days_later(journal, 4)
    uplink.receipt(journal.epoch, 1)
    journal.housekeep(0.0)
    assert numbers_of(path) == [2, 3]
    uplink.receipt(journal.epoch, 4)
    journal.housekeep(1.0)
    assert numbers_of(path) == [2, 3]
    journal.housekeep(2.0)  # there was something to purge: the next turn comes soon
    assert numbers_of(path) == []
    journal.housekeep(4.0)
    journal.append(check_in(4))
    days_later(journal, 4)
    uplink.receipt(journal.epoch, 5)
    journal.housekeep(3599.0)
    assert numbers_of(path) == [4]
    journal.housekeep(3600.0)
    assert numbers_of(path) == []


def test_housekeeping_rotates_once_when_the_ledger_knows_other_rows(
    journal: Journal, uplink: Uplink, path: Path
) -> None:
    for number in (1, 2, 3):
        journal.append(check_in(number))
    old = journal.epoch
    uplink.receipt(old, 1, fork_at=2)
    journal.housekeep(0.0)
    new = journal.epoch
    assert (new != old, journal.head) == (True, 3)
    journal.housekeep(3600.0)
    assert journal.epoch == new


def test_a_fork_beyond_the_journal_is_not_believed(journal: Journal, uplink: Uplink) -> None:
    journal.append(check_in(1))
    old = journal.epoch
    uplink.receipt(old, 0, fork_at=2)
    journal.housekeep(0.0)
    assert journal.epoch == old


def test_without_an_uplink_nothing_is_purged(journal: Journal, path: Path) -> None:
    journal.append(check_in(1))
    days_later(journal, 300)
    journal.housekeep(0.0)
    path.with_name("uplink.db").write_bytes(b"not a database")
    journal.housekeep(9000.0)
    assert numbers_of(path) == [1]
