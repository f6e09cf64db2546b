"""An envelope leaves a day after its receipt: not sooner, whatever the clock does; then wholly."""

import sqlite3
from pathlib import Path

import pytest

from appliance import retention
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from protocol.duty import Started
from protocol.event import Key
from protocol.retention import RULES
from protocol.row import Row
from tests.appliance.journal.support import (
    DAY,
    UTC,
    anchored,
    check_in,
    name_in,
    opened,
    rows_of,
    sealed,
    sign_up,
)

HOUR = 3_600_000


def held(path: Path) -> list[int]:
    """Seqs of the rows that have an envelope."""
    return [row.seq for row in rows_of(path) if isinstance(row, Row) and row.envelope is not None]


def a_turn(journal: Journal, watermark: int, hours: float = 0) -> None:
    """Time passes; then the owner's hourly turn, with the receipts there are."""
    journal.clock.advance(hours * 3600)
    journal.remember_time()
    journal.purge(watermark)


def signed_up(journal: Journal, count: int = 1) -> None:
    for number in range(count):
        journal.append_sealed(sign_up(number), sealed())


def rebooted(journal: Journal, clock: SettableClock, utc: int | None = None) -> None:
    """A new boot, whose time is known or not."""
    clock.reboot()
    journal.anchor = None
    if utc is not None:
        anchored(journal, utc)


def test_the_day_is_the_one_in_the_table_of_rules() -> None:
    rule = RULES["unit.sealed"]
    assert (rule.counted_from, rule.days * DAY) == ("the receipt", retention.SEALED)


def test_an_envelope_leaves_a_day_after_the_receipt_and_its_row_stays(
    journal: Journal, path: Path
) -> None:
    signed_up(journal, 2)
    before = [row._replace(envelope=None) for row in rows_of(path) if isinstance(row, Row)]
    a_turn(journal, 1)
    a_turn(journal, 1, hours=23.9)
    assert held(path) == [1, 2]
    a_turn(journal, 1, hours=0.2)
    assert held(path) == [2]
    assert [row._replace(envelope=None) for row in rows_of(path) if isinstance(row, Row)] == before
    with JournalReader.open(path) as reader:
        assert reader.is_whole(reader.span(), 0, 2)
        assert reader.stray_envelopes(reader.span(), 0, 2) == []


def test_what_is_not_receipted_stays_however_old(journal: Journal, path: Path) -> None:
    signed_up(journal)
    for _ in range(50):
        a_turn(journal, 0, hours=24)
    assert held(path) == [1]


def test_the_day_counts_from_the_receipt_not_from_the_row(journal: Journal, path: Path) -> None:
    signed_up(journal)
    a_turn(journal, 0, hours=240)
    a_turn(journal, 1)
    a_turn(journal, 1, hours=23)
    assert held(path) == [1]
    a_turn(journal, 1, hours=1)
    assert held(path) == []


def test_a_receipt_between_two_turns_counts_from_when_it_was_seen(
    journal: Journal, path: Path
) -> None:
    signed_up(journal)
    a_turn(journal, 0)
    journal.clock.advance(20 * 3600)
    journal.purge(1)
    a_turn(journal, 1, hours=23)
    assert held(path) == [1]
    a_turn(journal, 1, hours=1)
    assert held(path) == []


def test_across_a_boot_the_time_that_is_known_tells(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    anchored(journal)
    signed_up(journal)
    a_turn(journal, 1)
    rebooted(journal, clock, UTC + 23 * HOUR)
    a_turn(journal, 1)
    assert held(path) == [1]
    rebooted(journal, clock, UTC + 25 * HOUR)
    a_turn(journal, 1)
    assert held(path) == []


def test_after_a_week_switched_off_it_leaves_within_hours(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    anchored(journal)
    signed_up(journal)
    a_turn(journal, 1)
    rebooted(journal, clock, UTC + 7 * DAY)
    turns = 0
    while held(path):
        a_turn(journal, 1, hours=1)
        turns += 1
    assert 2 < turns < 9


@pytest.mark.parametrize("step", [10 * 365.25, 30, -30, -10 * 365.25])
@pytest.mark.parametrize("before", [True, False], ids=["at the receipt", "after it"])
def test_a_clock_that_jumps_makes_no_day_shorter(
    journal: Journal, path: Path, clock: SettableClock, step: float, before: bool
) -> None:
    wrong = UTC + round(step * DAY)
    anchored(journal)
    signed_up(journal)
    a_turn(journal, 0)
    rebooted(journal, clock, wrong if before else UTC + HOUR)
    a_turn(journal, 1)
    rebooted(journal, clock, UTC + 2 * HOUR if before else wrong)
    for _ in range(5):
        a_turn(journal, 1, hours=1)
    assert held(path) == [1]
    rebooted(journal, clock, UTC + 8 * HOUR)
    for _ in range(5):
        a_turn(journal, 1, hours=1)
    assert held(path) == [1]
    a_turn(journal, 1, hours=14)
    assert held(path) == []


def test_a_clock_put_right_within_a_boot_changes_nothing(journal: Journal, path: Path) -> None:
    anchored(journal)
    signed_up(journal)
    a_turn(journal, 1)
    anchored(journal, UTC + 3650 * DAY)
    a_turn(journal, 1, hours=1)
    anchored(journal, UTC + HOUR)
    a_turn(journal, 1, hours=22)
    assert held(path) == [1]
    a_turn(journal, 1, hours=1)
    assert held(path) == []


def test_without_any_time_it_stays_until_the_unit_has_been_on_for_a_day_in_all(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    signed_up(journal)
    a_turn(journal, 1)
    for _ in range(3):  # three days of 7 hours
        rebooted(journal, clock)
        for _ in range(7):
            a_turn(journal, 1, hours=1)
    assert held(path) == [1]
    rebooted(journal, clock)
    for _ in range(4):
        a_turn(journal, 1, hours=1)
    assert held(path) == []


def test_a_unit_that_reboots_before_each_turn_keeps_it(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    signed_up(journal)
    a_turn(journal, 1)
    for _ in range(300):
        rebooted(journal, clock)
        a_turn(journal, 1)
    assert held(path) == [1]


def test_erased_is_gone_from_every_file_of_the_journal(journal: Journal, path: Path) -> None:
    signed_up(journal, 3)
    (envelope,) = journal.database.execute("SELECT envelope FROM sealed WHERE id = 1").fetchone()
    assert holding(path, envelope) != []
    a_turn(journal, 1)
    a_turn(journal, 1, hours=24)
    assert holding(path, envelope) == []
    assert held(path) == [2, 3]


def holding(path: Path, envelope: bytes) -> list[str]:
    """Files of the unit in which the envelope, or a good part of it, can be found."""
    part = envelope[len(envelope) // 2 :][:64]
    return [file.name for file in path.parent.iterdir() if part in file.read_bytes()]


def test_a_reader_at_work_does_not_hold_the_owner_up(journal: Journal, path: Path) -> None:
    signed_up(journal)
    a_turn(journal, 1)
    with JournalReader.open(path):
        a_turn(journal, 1, hours=24)
        journal.append(check_in())
    assert held(path) == []
    assert journal.database.execute("PRAGMA busy_timeout").fetchone() == (5000,)


def test_a_purged_row_takes_its_envelope_along(journal: Journal, path: Path) -> None:
    signed_up(journal, 2)
    journal.clock.advance(61 * 86_400)
    journal.append(check_in())
    journal.purge(1)
    assert journal.database.execute("SELECT id FROM sealed").fetchall() == [(2,)]


def test_a_husk_keeps_no_envelope(journal: Journal, path: Path) -> None:
    journal.append(Started())
    signed_up(journal)
    journal.clock.advance(61 * 86_400)
    journal.purge(2)
    assert [type(row).__name__ for row in rows_of(path)] == ["Row", "Tombstone"]
    assert journal.database.execute("SELECT count(*) FROM sealed").fetchone() == (0,)


def test_an_envelope_stays_with_its_row_over_a_rotation_and_opens_with_the_first_key(
    journal: Journal, path: Path
) -> None:
    journal.append(check_in())
    first = journal.append_sealed(sign_up(), sealed("Aïcha"))
    a_turn(journal, 1)
    journal.rotate(2)
    journal.rotate(1)
    (row, *_) = rows_of(path)
    assert isinstance(row, Row)
    assert (row.seq, row.origin) == (1, first)
    assert name_in(row.envelope, row.origin or Key(0, 0)) == "Aïcha"


def test_after_a_fork_the_day_counts_from_the_receipt_of_the_new_key(
    journal: Journal, path: Path
) -> None:
    signed_up(journal, 2)
    a_turn(journal, 2)  # of another history, as it turns out
    old = journal.epoch
    journal.rotate(2)
    for _ in range(3):
        journal.clock.advance(86_400)
        journal.remember_time()
        journal.purge(1, epoch=old)
        journal.purge(0)
    assert held(path) == [1]
    assert journal.database.execute("SELECT id FROM sealed").fetchall() == [(2,)]
    a_turn(journal, 1)
    a_turn(journal, 1, hours=24)
    assert held(path) == []


def test_a_turn_cut_short_erases_nothing_by_halves(journal: Journal, path: Path) -> None:
    signed_up(journal)
    a_turn(journal, 1)
    tally = journal.database.execute("SELECT * FROM tally").fetchall()
    journal.database.execute(
        "CREATE TRIGGER fails BEFORE DELETE ON sealed BEGIN SELECT raise(ABORT, 'cut'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        a_turn(journal, 1, hours=24)
    assert journal.database.execute("SELECT * FROM tally").fetchall() == tally
    journal.database.execute("DROP TRIGGER fails")
    a_turn(journal, 1)
    assert held(path) == []


def test_the_count_goes_on_after_a_restart_within_the_boot(
    journal: Journal, path: Path, clock: SettableClock
) -> None:
    signed_up(journal)
    a_turn(journal, 1)
    journal.close()
    again = opened(path, clock)
    a_turn(again, 1, hours=24)
    assert held(path) == []
    again.close()
