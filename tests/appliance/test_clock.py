"""Stamps and anchors of one boot, and what another process may know of them."""

import sqlite3
from pathlib import Path

from appliance.clock import Anchor, BootClock, Stamp, known_anchor, read_anchor, stamp, utc_at
from appliance.twins.clock import SettableClock

ANCHOR = Anchor("boot-1", 100_000, 1_800_000_000_000, "gps", 500)


def a_vehicle_journal(path: Path, *anchors: Anchor) -> Path:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(
        "CREATE TABLE anchor (boot_id TEXT PRIMARY KEY, boottime INTEGER, utc INTEGER, "
        "source TEXT, error INTEGER)"
    )
    for anchor in anchors:
        values = (anchor.boot_id, anchor.boottime, anchor.utc, anchor.source, anchor.error)
        database.execute("INSERT INTO anchor VALUES (?, ?, ?, ?, ?)", values)
    database.commit()
    database.close()
    return path


def test_a_row_before_the_anchor_is_dated_by_it_too() -> None:
    assert utc_at(ANCHOR, 40_000) == 1_800_000_000_000 - 60_000


def test_without_an_anchor_a_stamp_has_no_utc() -> None:
    clock = SettableClock(60_000)
    assert stamp(clock, None) == Stamp("boot-1", 60_000, None, "none", 0)


def test_an_anchor_of_another_boot_dates_nothing() -> None:
    clock = SettableClock(60_000)
    clock.reboot(20_000)
    assert stamp(clock, ANCHOR) == Stamp("boot-2", 20_000, None, "none", 0)


def test_an_anchor_of_this_boot_dates_the_stamp() -> None:
    clock = SettableClock(160_000)
    assert stamp(clock, ANCHOR) == Stamp("boot-1", 160_000, 1_800_000_060_000, "gps", 500)


def test_the_boot_clock_of_a_real_machine_runs_and_knows_its_boot() -> None:
    clock = BootClock()
    first = clock.boottime()
    assert len(clock.boot_id) == 36
    assert clock.boottime() >= first > 0


def test_two_processes_at_one_speed_read_one_time() -> None:
    one, other = BootClock(rate=60.0), BootClock(rate=60.0)
    first, second, third = one.boottime(), other.boottime(), one.boottime()
    assert first <= second <= third


def test_another_process_reads_the_anchor_of_its_own_boot_alone(tmp_path: Path) -> None:
    path = a_vehicle_journal(tmp_path / "vehicle.db", ANCHOR)
    assert read_anchor(path, "boot-1") == ANCHOR
    assert read_anchor(path, "boot-2") is None


def test_no_journal_an_empty_one_or_a_damaged_one_give_no_anchor(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "damaged.db").write_bytes(b"not a database" * 100)
    for name in ("missing.db", "empty.db", "damaged.db"):
        assert read_anchor(tmp_path / name, "boot-1") is None
    assert not (tmp_path / "missing.db").exists()


def test_a_twin_never_takes_the_time_of_the_machine(tmp_path: Path) -> None:
    assert known_anchor(tmp_path / "vehicle.db", BootClock(rate=10.0)) is None
    assert known_anchor(tmp_path / "vehicle.db", SettableClock()) is None
