"""A boot is dated once a fix is believed, earlier rows included, whatever the wall clock does."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import system_clock
from appliance.clock import BootClock, read_anchor, utc_at
from appliance.gps.fix import Fix
from appliance.journal import Journal, JournalReader
from appliance.twins.clock import SettableClock
from appliance.vehicle.store import VehicleStore
from appliance.vehicle.timekeeper import SystemClock, Timekeeper
from protocol.duty import Started
from protocol.unit import Booted, ClockSet

TRUE_START = datetime(2026, 6, 15, 7, 40, tzinfo=UTC)
"""When the box was switched on."""


class Unit:
    """A vehicle's journal and clock over several boots; its receiver is right unless told."""

    def __init__(self, folder: Path, clock: BootClock, system: SystemClock | None = None) -> None:
        self.path, self.clock = folder / "vehicle.db", clock
        self._system = system or SystemClock(None, may_set=False)
        self.start()

    def start(self) -> None:
        self.journal = Journal.open(self.path, name="vehicle", clock=self.clock)
        self.store = VehicleStore(self.journal)
        self.keeper = Timekeeper(self.journal, self.store, self.clock, self._system)

    def restart(self) -> None:
        self.journal.close()
        self.start()

    def second(self, told: datetime, *, valid: bool = True) -> None:
        """One epoch of the receiver, and what the loop does then."""
        assert isinstance(self.clock, SettableClock)
        self.clock.advance(1)
        fix = Fix(time=told, lat=48.0, lon=2.0, speed=0.0, mode=3, dated=True, valid=valid)
        self.keeper.hear(fix, self.clock.now)
        self.keeper.keep(self.clock.now)

    def seconds(self, count: int, told: datetime) -> None:
        for index in range(count):
            self.second(told + timedelta(seconds=index))

    def clock_sets(self) -> list[ClockSet]:
        with JournalReader.open(self.path) as reader:
            entries = list(reader.entries([ClockSet.TYPE]))
        return [entry.event for entry in entries if isinstance(entry.event, ClockSet)]


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    unit = Unit(tmp_path, SettableClock(0))
    yield unit
    unit.journal.close()


def ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def test_every_row_of_a_boot_is_dated_within_two_seconds_those_before_the_fix_too(
    unit: Unit,
) -> None:
    for _ in range(5):
        unit.clock.advance(10)  # type: ignore[attr-defined]
        unit.journal.append(Started())
    unit.seconds(60, TRUE_START + timedelta(seconds=51))
    unit.journal.append(Started())
    anchor = read_anchor(unit.path, unit.clock.boot_id)
    assert anchor is not None
    with JournalReader.open(unit.path) as reader:
        rows = list(reader.entries([Started.TYPE]))
    dated = [utc_at(anchor, row.boottime) - ms(TRUE_START) for row in rows]
    assert dated == [10_000, 20_000, 30_000, 40_000, 50_000, 110_000]
    assert [row.utc is None for row in rows] == [True] * 5 + [False]


def test_the_time_is_told_once_and_names_the_boot(unit: Unit) -> None:
    unit.seconds(30, TRUE_START)
    (told,) = unit.clock_sets()
    assert told == ClockSet(
        boot_id="boot-1", boottime=3000, utc=ms(TRUE_START) + 2000, source="gps", error=1000
    )
    unit.restart()
    unit.seconds(30, TRUE_START + timedelta(seconds=30))
    assert len(unit.clock_sets()) == 1


def test_leap_seconds_learnt_late_are_told_and_date_the_boot_again(unit: Unit) -> None:
    unit.seconds(60, TRUE_START + timedelta(seconds=2))
    unit.seconds(60, TRUE_START + timedelta(seconds=60))
    first, second = unit.clock_sets()
    assert first.utc - first.boottime - (second.utc - second.boottime) == 2000
    anchor = read_anchor(unit.path, "boot-1")
    assert anchor is not None
    assert anchor.utc == second.utc


def test_a_receiver_1024_weeks_behind_dates_the_boot_rightly(unit: Unit) -> None:
    unit.seconds(5, TRUE_START - timedelta(weeks=1024))
    (told,) = unit.clock_sets()
    assert told.utc - told.boottime == ms(TRUE_START) - 1000


def test_the_floor_of_one_boot_holds_in_the_next_and_garbage_below_it_dates_nothing(
    tmp_path: Path,
) -> None:
    clock = SettableClock(0)
    unit = Unit(tmp_path, clock)
    unit.seconds(700, TRUE_START)
    clock.reboot()
    unit.restart()
    assert unit.store.floor("boot-2") == ms(TRUE_START) + 602_000
    unit.seconds(100, TRUE_START - timedelta(days=3))
    assert (unit.keeper.anchor, unit.keeper.refused) == (None, 100)
    unit.seconds(5, TRUE_START + timedelta(hours=5))
    assert [told.boot_id for told in unit.clock_sets()] == ["boot-1", "boot-2"]
    unit.journal.close()


def test_a_void_date_is_never_believed(unit: Unit) -> None:
    for index in range(100):
        unit.second(TRUE_START + timedelta(seconds=index), valid=False)
    assert (unit.keeper.anchor, unit.clock_sets()) == (None, [])


@pytest.mark.parametrize("years", [-10, 10])
def test_a_wall_clock_stepped_by_ten_years_changes_nothing(
    unit: Unit, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    unit.seconds(10, TRUE_START)
    real = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: real() + years * 31_557_600 * 10**9)
    monkeypatch.setattr(time, "time", lambda: (real() + years * 31_557_600 * 10**9) / 1e9)
    unit.seconds(100, TRUE_START + timedelta(seconds=10))
    unit.journal.append(Started())
    with JournalReader.open(unit.path) as reader:
        (row,) = reader.entries([Started.TYPE])
    assert row.utc == ms(TRUE_START) + 109_000
    assert len(unit.clock_sets()) == 1


def test_the_kernels_word_dates_a_boot_without_a_receiver_until_a_fix_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_clock, "synchronised_within", lambda: 20)
    unit = Unit(tmp_path, BootClock())
    unit.keeper.keep(unit.clock.boottime())
    (told,) = unit.clock_sets()
    assert (told.source, told.error) == ("ntp", 20)
    assert abs(told.utc - time.time() * 1000) < 2000
    unit.journal.close()


class Pushed:
    """Stands where the system clock would be set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, chrony: bool) -> None:
        self.fed: list[int] = []
        self.set: list[int] = []
        monkeypatch.setattr(system_clock, "feed_chrony", lambda _, utc: self._feed(utc, chrony))
        monkeypatch.setattr(system_clock, "set_to", lambda utc: self.set.append(utc) or True)

    def _feed(self, utc: int, chrony: bool) -> bool:
        if chrony:
            self.fed.append(utc)
        return chrony


def test_chrony_is_fed_now_and_then_and_the_clock_never_set_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed = Pushed(monkeypatch, chrony=True)
    unit = Unit(tmp_path, SettableClock(0), SystemClock(tmp_path / "sock", may_set=True))
    unit.seconds(10, TRUE_START)
    assert pushed.fed == [ms(TRUE_START) + second * 1000 for second in (2, 5, 8)]
    assert pushed.set == []
    unit.journal.close()


def test_without_chrony_the_clock_is_set_once_per_boot_if_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pushed = Pushed(monkeypatch, chrony=False)
    allowed = SystemClock(tmp_path / "sock", may_set=True)
    unit = Unit(tmp_path, SettableClock(0), allowed)
    unit.seconds(100, TRUE_START)
    unit._system = SystemClock(tmp_path / "sock", may_set=True)
    unit.restart()
    unit.seconds(100, TRUE_START + timedelta(seconds=100))
    assert pushed.set == [ms(TRUE_START) + 2000]
    unit.journal.close()


def test_what_is_not_allowed_is_not_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pushed = Pushed(monkeypatch, chrony=False)
    unit = Unit(tmp_path, SettableClock(0))
    unit.second(TRUE_START)
    unit.seconds(100, TRUE_START)
    assert (pushed.set, pushed.fed) == ([], [])
    unit.journal.close()


def test_the_first_row_of_a_boot_stays_undated_in_its_own_columns(unit: Unit) -> None:
    unit.journal.append(Booted(version="1"))
    unit.seconds(10, TRUE_START)
    with JournalReader.open(unit.path) as reader:
        (row,) = reader.entries([Booted.TYPE])
    assert row.utc is None
