"""The keeper at work beside real journals: chores once the time is known, the disk at all times."""

import errno
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import schedule

from appliance import disk, runtime, service
from appliance.clock import Anchor
from appliance.config import UnitConfig
from appliance.errors import OperatorError
from appliance.journal import Journal, opening
from appliance.journal.lock import WriterLock
from appliance.keeper import copies
from appliance.keeper.process import Keeper, run
from appliance.keeper.timetable import Timetable
from appliance.twins.clock import SettableClock
from appliance.vehicle.store import VehicleStore
from protocol.duty import Started
from tests.support import unit_config

TINY = disk.Limits(low=2, full=1)


def a_unit(folder: Path, *, dated: bool) -> tuple[UnitConfig, SettableClock]:
    config, clock = unit_config(folder), SettableClock()
    vehicle = Journal.open(config.paths.data / "vehicle.db", name="vehicle", clock=clock)
    store = VehicleStore(vehicle)
    vehicle.append(Started())
    if dated:
        with vehicle.atomic():
            store.keep_anchor(Anchor(clock.boot_id, 60_000, 1_773_741_600_000, "gps", 1000))
    vehicle.close()
    return config, clock


def a_keeper(config: UnitConfig, clock: SettableClock, limits: disk.Limits = TINY) -> Keeper:
    return Keeper(config, clock, limits=limits, ballast=65_536)


def told(config: UnitConfig) -> dict[str, object]:
    word = runtime.read(config.paths.run, "keeper")
    assert word is not None
    return word


def work(keeper: Keeper, steps: int = 20) -> None:
    for number in range(steps):
        keeper.step(1000.0 + number)


def test_while_the_time_is_not_known_no_daily_chore_begins(tmp_path: Path) -> None:
    config, clock = a_unit(tmp_path, dated=False)
    work(a_keeper(config, clock))
    assert copies.existing(config.paths.data) == []
    assert told(config)["integrity"] == {}


def test_once_the_time_is_known_journals_are_checked_and_copied_once(tmp_path: Path) -> None:
    config, clock = a_unit(tmp_path, dated=True)
    work(a_keeper(config, clock))
    word = told(config)
    assert (word["integrity"], word["copies"], word["faults"]) == ({"vehicle": "ok"}, 1, [])
    assert word["last_backup"] == 1_773_741_600_000


def test_a_damaged_journal_is_told_and_the_others_are_copied(tmp_path: Path) -> None:
    config, clock = a_unit(tmp_path, dated=True)
    (config.paths.data / "screen.db").write_bytes(b"damaged" * 500)
    work(a_keeper(config, clock))
    word = told(config)
    (fault,) = word["faults"]  # type: ignore[misc]
    assert fault.startswith("screen.db cannot be read")
    assert word["copies"] == 1


def test_the_ballast_is_made_while_there_is_room_and_given_up_when_the_disk_is_full(
    tmp_path: Path,
) -> None:
    config, clock = a_unit(tmp_path, dated=True)
    keeper = a_keeper(config, clock)
    keeper.step(1000.0)
    assert keeper.ballast.stat().st_blocks * 512 >= 65_536
    free = disk.free_bytes(config.paths.data)
    full = a_keeper(config, clock, disk.Limits(low=4 * free, full=2 * free))
    work(full)
    assert not full.ballast.exists()
    assert (told(config)["disk_state"], told(config)["copies"]) == ("full", 0)
    work(a_keeper(config, clock))
    assert keeper.ballast.exists()


def test_on_a_low_disk_copies_give_way_and_the_ballast_stays(tmp_path: Path) -> None:
    config, clock = a_unit(tmp_path, dated=True)
    a_keeper(config, clock).step(1000.0)
    copies_before = len(copies.existing(config.paths.data))
    free = disk.free_bytes(config.paths.data)
    keeper = a_keeper(config, clock, disk.Limits(low=2 * free, full=1))
    work(keeper)
    assert (told(config)["disk_state"], told(config)["copies"]) == ("low", copies_before)
    assert keeper.ballast.exists()


def test_a_copy_the_disk_refuses_is_told_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, clock = a_unit(tmp_path, dated=True)
    (config.paths.data / "backup").write_text("in the way", encoding="utf-8")
    keeper = a_keeper(config, clock)
    work(keeper)
    assert len(told(config)["faults"]) == 1  # type: ignore[arg-type]
    (config.paths.data / "backup").unlink()
    work(keeper, steps=1)


def test_the_keeper_starts_before_anything_was_ever_written(tmp_path: Path) -> None:
    config = unit_config(tmp_path)
    keeper = a_keeper(config, SettableClock())
    assert keeper.step(1000.0) > 0
    keeper.close()
    assert told(config)["disk_free"] is None


def test_a_card_that_lets_nothing_be_removed_stops_no_chore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, clock = a_unit(tmp_path, dated=True)

    def refuse(_: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(copies, "forget_receipted", refuse)
    work(a_keeper(config, clock))
    assert told(config)["copies"] == 1


class Wall(datetime):
    """A settable wall clock under `schedule`."""

    moment = datetime(2026, 3, 17, 9, 0)  # noqa: DTZ001

    @classmethod
    def now(cls, tz: object = None) -> "Wall":
        moment = cls.moment
        return cls(moment.year, moment.month, moment.day, moment.hour, moment.minute)


def test_chores_come_daily_and_a_clock_stepped_back_ten_years_stalls_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schedule.datetime, "datetime", Wall)
    begun: list[datetime] = []
    timetable = Timetable(lambda: begun.append(Wall.moment))

    def hours(count: int) -> None:
        nonlocal monotonic
        for _ in range(count * 60):
            monotonic += 60
            Wall.moment += timedelta(minutes=1)
            timetable.step(monotonic, Wall.moment.timestamp())

    monotonic = 100.0
    hours(48)
    assert [moment.hour for moment in begun] == [9, 13, 13]
    Wall.moment -= timedelta(days=3650)
    hours(48)
    assert [moment.hour for moment in begun] == [9, 13, 13, 13, 13]


def test_a_second_keeper_is_refused_in_one_sentence(tmp_path: Path) -> None:
    config = unit_config(tmp_path)
    config.paths.data.mkdir()
    lock = WriterLock.take(config.paths.data / "keeper.lock")
    with pytest.raises(OperatorError) as refused:
        run(config)
    lock.release()
    assert str(refused.value) == (
        f"another keeper, process {os.getpid()}, holds {config.paths.data / 'keeper.lock'}: "
        "stop that one first, a unit has one."
    )


def test_a_data_folder_that_cannot_be_is_told_in_one_sentence(tmp_path: Path) -> None:
    config = unit_config(tmp_path)
    config.paths.data.parent.mkdir(parents=True, exist_ok=True)
    config.paths.data.write_text("in the way", encoding="utf-8")
    with pytest.raises(OperatorError, match="check who owns its folder"):
        run(config)


def test_on_a_disk_that_takes_no_lock_the_keeper_works_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(opening.WriterLock, "take", refuse)
    monkeypatch.setattr(service, "run", lambda *_, **__: 0)
    assert run(unit_config(tmp_path)) == 0
