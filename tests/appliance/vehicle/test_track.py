"""Raw fixes: a row a minute, gone after their days, the first to give way."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from appliance import disk
from appliance.clock import Anchor
from appliance.errors import JournalRefused
from appliance.gps.fix import Fix
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.vehicle.store import VehicleStore
from appliance.vehicle.track import DAY, Track

NOON = 1_781_000_000_000


class Road:
    def __init__(self, folder: Path) -> None:
        self.clock = SettableClock(1_000_000)
        self.journal = Journal.open(folder / "vehicle.db", name="vehicle", clock=self.clock)
        self.store = VehicleStore(self.journal)
        self.track = Track(self.journal, self.store)
        self.track.days = 60

    def drive(self, seconds: int) -> None:
        for _ in range(seconds):
            self.clock.advance(1)
            self.track.add(Fix(lat=48.1, lon=-1.6, speed=9.0, mode=3, hdop=0.9), self.clock.now)
            if self.track.due(self.clock.now, on_duty=True):
                self.track.write()

    def rows(self) -> list[tuple[int, int | None, int]]:
        """Boottime, utc and number of fixes of each row."""
        found = self.journal.database.query("SELECT * FROM track ORDER BY id")
        return [
            (row["boottime"], row["utc"], len(msgspec.msgpack.decode(row["fixes"])))
            for row in found
        ]


@pytest.fixture
def road(tmp_path: Path) -> Iterator[Road]:
    road = Road(tmp_path)
    yield road
    road.journal.close()


def test_fixes_are_written_a_row_a_minute_and_are_no_events(road: Road) -> None:
    road.drive(150)
    assert road.rows() == [(1_001_000, None, 61), (1_062_000, None, 61)]
    assert road.journal.head == 0


def test_off_duty_the_minute_begun_is_written_at_once_and_nothing_after_it(road: Road) -> None:
    road.drive(10)
    assert not road.track.due(road.clock.now, on_duty=True)
    assert road.track.due(road.clock.now, on_duty=False)
    road.track.write()
    assert not road.track.due(road.clock.now, on_duty=False)
    assert road.rows() == [(1_001_000, None, 10)]


def test_a_minute_from_before_the_first_fix_is_dated_when_the_time_is_known(road: Road) -> None:
    road.drive(61)
    with road.journal.atomic():
        road.store.date_track(Anchor("boot-1", 1_000_000, NOON, "gps", 1000))
    assert road.rows() == [(1_001_000, NOON + 1000, 61)]


def test_after_sixty_days_a_fix_is_gone_and_so_is_an_undated_one_before_it(road: Road) -> None:
    road.drive(61)
    road.journal.anchor = Anchor("boot-1", 1_062_000, NOON, "gps", 1000)
    road.drive(122)
    road.track.forget(NOON + 60 * DAY)
    assert len(road.rows()) == 3
    road.track.forget(NOON + 60 * DAY + 1001)
    assert [utc for _, utc, _ in road.rows()] == [NOON + 61_000]


def test_undated_minutes_are_no_more_than_two_months_of_minutes(road: Road) -> None:
    road.track.days = 1
    with road.journal.atomic():
        for minute in range(1500):
            road.store.add_track("boot-1", minute * 60_000, None, b"\x90")
    road.track.forget(None)
    assert len(road.rows()) == 1440


def test_a_low_disk_refuses_positions_first(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda _: disk.Limits().low - 1)
    road.drive(61)
    assert (road.rows(), road.track.dropped) == ([], 61)
    monkeypatch.setattr(disk, "free_bytes", lambda _: disk.Limits().low * 4)
    road.drive(61)
    assert len(road.rows()) == 1


def test_a_minute_the_disk_refuses_is_gone_and_counted(road: Road) -> None:
    road.drive(60)
    road.journal.database.conn.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalRefused):
        road.track.write()
    road.journal.database.conn.execute("PRAGMA query_only = OFF")
    assert (road.rows(), road.track.dropped) == ([], 60)


def test_none_is_kept_where_none_shall_be(road: Road) -> None:
    road.track.days = 0
    road.drive(200)
    assert road.rows() == []
