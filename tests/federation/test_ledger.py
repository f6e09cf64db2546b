"""Each event once, whatever comes how often and in which order."""

import sqlite3
from pathlib import Path

import pytest

from federation.config import Store
from federation.database import reading_ledger
from federation.errors import OperatorError
from federation.ledger import Ledger
from protocol.event import Key
from protocol.messages import Receipt, Stored
from protocol.row import NO_DIGEST, Row, Tombstone
from protocol.stops import Arrived
from protocol.unit import ClockSet

from .bench import Bench, numbers
from .stores import on_sqlite
from .van import UNIT, Van


def test_rows_are_stored_as_they_came_and_receipted(bench: Bench) -> None:
    van = Van().notes(2)
    bench.arrive(van.delivery(1, 2))
    row = bench.rows()[1]
    assert row[:12] == (
        UNIT, 7, 2, "visit.noted", b'{"number":2}', None, "boot-1", 2000, None, "none", 0,
        van.digest(2),
    )  # fmt: skip
    assert bench.receipts() == [
        Receipt(epochs={"7": Stored(stored_to=2, digest=van.digest(2).hex())})
    ]


def test_ten_replays_of_everything_leave_the_same_rows(bench: Bench) -> None:
    van = Van().notes(60)
    parts = [van.delivery(first, first + 19) for first in (1, 21, 41)]
    bench.arrive(*parts)
    rows, receipt = bench.rows(), bench.receipt()
    for _ in range(10):
        bench.arrive(*parts)
    assert bench.rows() == rows
    assert bench.receipt() == receipt
    assert len(bench.receipts()) == 11


def test_reordered_and_overlapping_batches_come_to_the_same(bench: Bench) -> None:
    van = Van().notes(60)
    for first, last in ((41, 60), (15, 30), (1, 20), (28, 45)):
        bench.arrive(van.delivery(first, last))
    assert numbers(bench.bodies()) == list(range(1, 61))
    stored = [receipt.epochs["7"].stored_to for receipt in bench.receipts()]
    assert stored == [0, 0, 30, 60]
    assert bench.ask("SELECT * FROM flag") == []


def test_a_gap_holds_the_watermark_until_it_is_filled(bench: Bench) -> None:
    van = Van().notes(30)
    bench.arrive(van.delivery(1, 10), van.delivery(21, 30))
    assert bench.receipt().epochs["7"] == Stored(stored_to=10, digest=van.digest(10).hex())
    bench.arrive(van.delivery(11, 20))
    assert bench.receipt().epochs["7"] == Stored(
        stored_to=30, digest=van.digest(30).hex(), proved_to=20, proved=van.digest(20).hex()
    )


def test_journals_of_one_unit_and_units_of_one_name_space_stay_apart(bench: Bench) -> None:
    screen, vehicle, other = Van().notes(3), Van(epoch=8).notes(2), Van("van-simone").notes(1)
    bench.arrive(screen.delivery(1, 3), vehicle.delivery(1, 2), other.delivery(1, 1))
    assert bench.receipt().epochs.keys() == {"7", "8"}
    assert bench.receipt("van-simone").epochs.keys() == {"7"}


def test_an_unknown_type_with_unknown_fields_is_stored_as_it_is(bench: Bench) -> None:
    van = Van()
    body = b'{"codes":9,"of_a_newer_unit":[1,{"deep":null}],"theme":"unheard_of"}'
    van.append(kind="loan.opened", body=body)
    van.append(kind="visit.checked_in", body=body)
    bench.arrive(van.delivery(1, 2))
    assert [(row.type, row.body) for row in bench.rows()] == [
        ("loan.opened", body),
        ("visit.checked_in", body),
    ]


class TestForks:
    def test_a_restored_card_is_told_where_it_forked_and_nothing_is_written_over(
        self, bench: Bench
    ) -> None:
        van = Van().notes(20)
        bench.drain(van)
        card = van.restored()
        bench.drain(van.notes(10))
        before = bench.rows()
        card.note(100)
        bench.arrive(card.delivery(15, 21))
        told = bench.receipt().epochs["7"]
        assert (told.stored_to, told.fork_at) == (30, 21)
        assert bench.rows() == before

    def test_a_restored_card_goes_on_under_a_new_epoch_and_no_fact_is_lost_or_doubled(
        self, bench: Bench
    ) -> None:
        van = Van().notes(20)
        bench.drain(van)
        card = van.restored()
        bench.drain(van.notes(10))
        for number in range(101, 141):
            card.note(number)
        bench.drain(card)
        assert numbers(bench.bodies()) == [*range(1, 31), *range(101, 141)]
        assert card.epoch != 7
        assert [row.origin for row in bench.rows() if row.epoch == card.epoch] == [
            Key(7, seq) for seq in range(21, 61)
        ]
        assert bench.ask("SELECT unit, epoch, seq, kind FROM flag") == [(UNIT, 7, 21, "fork")]

    def test_of_two_clones_both_at_work_each_keeps_its_facts(self, bench: Bench) -> None:
        van = Van().notes(5)
        bench.drain(van)
        clone = van.restored()
        for day in range(4):
            for number in range(3):
                van.note(1000 + 10 * day + number)
                clone.note(2000 + 10 * day + number)
            bench.drain(van)
            bench.drain(clone)
        assert van.epoch == 7
        own = [10 * day + number for day in range(4) for number in range(3)]
        assert numbers(bench.bodies()) == [
            *range(1, 6), *(1000 + n for n in own), *(2000 + n for n in own)
        ]  # fmt: skip

    def test_a_fact_that_comes_again_under_a_later_key_is_marked_as_a_copy(
        self, bench: Bench
    ) -> None:
        van = Van().notes(12)
        later = van.restored()
        bench.arrive(van.delivery(1, 4), van.delivery(9, 12))
        later._rotate(9)
        bench.arrive(later.delivery(1, 4))
        assert numbers(bench.bodies()) == [1, 2, 3, 4, 9, 10, 11, 12]
        copies = [row.copy_of for row in bench.rows() if row.epoch == later.epoch]
        assert copies == [Key(7, seq) for seq in (9, 10, 11, 12)]

    def test_facts_that_two_clones_both_bring_count_once(self, bench: Bench) -> None:
        van = Van().notes(12)
        clone = van.restored()
        van._rotate(9)
        clone._rotate(9)
        bench.arrive(van.delivery(1, 4), clone.delivery(1, 4))
        assert numbers(bench.bodies()) == [9, 10, 11, 12]

    def test_a_copy_is_known_too_when_the_first_comes_last(self, bench: Bench) -> None:
        van = Van().notes(12)
        later, other = van.restored(), van.restored()
        other.rows = other.rows[:8]
        other.note(99)
        bench.arrive(van.delivery(1, 8), later.delivery(1, 8))
        later._rotate(9)
        bench.arrive(later.delivery(1, 4), van.delivery(9, 9), other.delivery(9, 9))
        bench.arrive(van.delivery(10, 12))
        assert numbers(bench.bodies()) == list(range(1, 13))


class TestTombstones:
    def test_a_tombstone_holds_its_place_and_gives_way_to_its_row(self, bench: Bench) -> None:
        van = Van().notes(3)
        whole = van.rows[1]
        van.rows[1] = Tombstone(2, "visit.noted", 12, whole.digest)
        bench.arrive(van.delivery(1, 3))
        assert bench.receipt().epochs["7"].stored_to == 3
        assert [(row.seq, row.body, row.size) for row in bench.rows()][1] == (2, None, 12)
        van.rows[1] = whole
        bench.arrive(van.delivery(1, 3))
        assert numbers(bench.bodies()) == [1, 2, 3]
        assert bench.ask("SELECT * FROM flag") == []

    def test_rows_after_a_lost_one_are_stored_and_flagged(self, bench: Bench) -> None:
        van = Van().notes(4)
        van.rows[1] = Tombstone(2, "", 0, NO_DIGEST)
        bench.arrive(van.delivery(1, 4))
        assert bench.receipt().epochs["7"] == Stored(stored_to=4, digest=van.digest(4).hex())
        assert bench.ask("SELECT seq, kind FROM flag") == [(3, "chain_trusted")]

    def test_a_lost_row_that_comes_after_all_takes_its_place(self, bench: Bench) -> None:
        van = Van().notes(4)
        late = van.delivery(1, 4)
        van.rows[1] = Tombstone(2, "", 0, NO_DIGEST)
        bench.arrive(van.delivery(1, 4))
        bench.arrive(late)
        assert numbers(bench.bodies()) == [1, 2, 3, 4]
        assert bench.receipt().epochs["7"].fork_at is None


class TestDating:
    NOON = 1_760_000_000_000

    def told(self, boottime: int, utc: int, source: str = "gps") -> ClockSet:
        return ClockSet(boot_id="boot-1", boottime=boottime, utc=utc, source=source, error=20)

    def times(self, bench: Bench) -> list[tuple[int | None, str | None, int | None]]:
        return [(row.utc, row.source, row.error) for row in bench.rows() if row.type != "clock.set"]

    def test_rows_from_before_are_dated_when_the_clock_is_learnt(self, bench: Bench) -> None:
        van = Van().notes(2)
        bench.arrive(van.delivery(1, 2))
        assert self.times(bench) == [(None, "none", 0)] * 2
        van.append(self.told(5000, self.NOON))
        bench.arrive(van.delivery(3, 3))
        assert self.times(bench) == [
            (self.NOON - 4000, "gps", 20),
            (self.NOON - 3000, "gps", 20),
        ]

    def test_rows_that_come_later_and_in_other_journals_are_dated_too(self, bench: Bench) -> None:
        vehicle, screen = Van(epoch=8, journal="vehicle"), Van().notes(1)
        vehicle.append(self.told(5000, self.NOON))
        bench.arrive(vehicle.delivery(1, 1))
        bench.arrive(screen.delivery(1, 1))
        assert self.times(bench) == [(self.NOON - 4000, "gps", 20)]

    def test_another_boot_and_another_unit_keep_their_times(self, bench: Bench) -> None:
        van, other = Van().notes(1), Van("van-simone").notes(1)
        van.append(self.told(5000, self.NOON))
        van.boot_id, van.boottime = "boot-2", 0
        van.note(2)
        bench.arrive(van.delivery(1, 3), other.delivery(1, 1))
        assert self.times(bench) == [
            (self.NOON - 4000, "gps", 20),
            (None, "none", 0),
            (None, "none", 0),
        ]

    @pytest.mark.parametrize("order", [(1, 2), (2, 1)])
    def test_the_latest_moment_of_a_boot_wins_whichever_comes_first(
        self, bench: Bench, order: tuple[int, int]
    ) -> None:
        van = Van()
        van.append(self.told(5000, self.NOON, "rtc"))
        van.append(self.told(9000, self.NOON + 100_000))
        van.note(1)
        bench.arrive(van.delivery(3, 3), *(van.delivery(seq, seq) for seq in order))
        assert self.times(bench) == [(self.NOON + 100_000 - 6000, "gps", 20)]

    def test_a_row_dated_on_board_keeps_its_word_until_a_clock_is_told(self, bench: Bench) -> None:
        van = Van()
        van.utc_at_boot = self.NOON
        van.note(1)
        bench.arrive(van.delivery(1, 1))
        assert self.times(bench) == [(self.NOON + 1000, "gps", 0)]

    @pytest.mark.parametrize(
        "body",
        [
            b'{"boot_id":"boot-1","boottime":1,"utc":99999999999999999,"source":"gps","error":0}',
            b'{"boot_id":"boot-1","boottime":1,"utc":"noon","source":"gps","error":0}',
            b"{}",
        ],
    )
    def test_a_clock_nobody_can_read_is_stored_and_dates_nothing(
        self, bench: Bench, body: bytes
    ) -> None:
        van = Van().notes(1)
        van.append(kind="clock.set", body=body)
        bench.arrive(van.delivery(1, 2))
        assert self.times(bench) == [(None, "none", 0)]
        assert bench.rows()[1].body == body


def read(store: Store, query: str) -> None:
    with reading_ledger(store) as database:
        database.execute(query)


class TestTheFile:
    def test_a_new_one_is_for_its_owner_and_group_alone(self, tmp_path: Path) -> None:
        ledger = Ledger.open(Store(data=tmp_path))
        modes = {path.stat().st_mode & 0o007 for path in tmp_path.glob("ledger.sqlite*")}
        ledger.close()
        assert modes == {0}

    def test_a_second_worker_is_refused_in_one_sentence(self, tmp_path: Path) -> None:
        first = Ledger.open(Store(data=tmp_path))
        with pytest.raises(OperatorError, match="another ingest") as refused:
            Ledger.open(Store(data=tmp_path))
        assert "\n" not in str(refused.value)
        first.close()
        Ledger.open(Store(data=tmp_path)).close()

    @on_sqlite
    def test_it_is_durable_and_has_one_writing_connection(self, bench: Bench) -> None:
        assert bench.ask("PRAGMA journal_mode") == [("wal",)]
        assert bench.ask("PRAGMA synchronous") == [(2,)]
        assert bench.ask("PRAGMA mmap_size") == [(0,)]

    @on_sqlite
    def test_a_full_disk_is_one_sentence_and_leaves_nothing_half_done(self, bench: Bench) -> None:
        van = Van().notes(900)
        bench.arrive(van.delivery(1, 100))
        (pages,) = bench.ask("PRAGMA page_count")[0]
        bench.ask(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(OperatorError, match="disk is full") as refused:
            bench.arrive(van.delivery(101, 900))
        assert "\n" not in str(refused.value)
        assert len(bench.rows()) == 100
        assert bench.receipt().epochs["7"].stored_to == 100
        assert len(bench.queue.waiting) == 1
        bench.ask("PRAGMA max_page_count = 100000")
        bench.step()
        assert bench.receipt().epochs["7"].stored_to == 900
        assert bench.queue.waiting == []

    def test_what_is_not_a_ledger_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "ledger.sqlite"
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE somebody_elses (x)")
        other.close()
        with pytest.raises(OperatorError, match="not a ledger"):
            Ledger.open(Store(data=tmp_path))
        path.write_bytes(b"no database at all, but long enough to be read" * 20)
        with pytest.raises(OperatorError, match="not a database"):
            Ledger.open(Store(data=tmp_path))

    def test_a_reader_needs_a_ledger_and_cannot_write(self, bench: Bench) -> None:
        with pytest.raises(OperatorError, match="start escale-federation ingest"):
            read(Store(data=bench.store.data / "none"), "SELECT 1")
        with pytest.raises(OperatorError, match=r"read-?only"):
            read(bench.store, "DELETE FROM event")


def test_the_last_row_is_the_digest_the_receipt_names(bench: Bench) -> None:
    van = Van()
    van.append(Arrived(source="gps", lat=45.0, lon=3.0))
    row = van.rows[0]
    assert isinstance(row, Row)
    bench.arrive(van.delivery(1, 1))
    assert bench.receipt().epochs["7"].digest == row.digest.hex()
