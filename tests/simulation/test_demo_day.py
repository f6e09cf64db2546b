"""The day of the demo's real unit: its clock is ours, and it stops while somebody still looks."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance import replay
from appliance.stops.profiles import PROFILES
from federation.fleet_troubles import CLOCK
from tools import demo, demo_day

NOW = datetime(2026, 5, 28, 8, 30, tzinfo=UTC)


def test_its_clock_is_ours_and_runs_as_ours_does(tmp_path: Path) -> None:
    assert demo._options([]).speed == 1.0, "else the pages say that its clock is wrong"
    demo_day.write_log(tmp_path / "tour.nmea", NOW)
    with (tmp_path / "tour.nmea").open("rb") as log:
        first = log.readline().split(b",")
    told = datetime.strptime((first[9] + first[1]).decode() + "+0000", "%d%m%y%H%M%S.%f%z")
    assert abs(told - NOW) < timedelta(milliseconds=CLOCK) / 10


def test_it_is_seen_to_arrive_within_a_few_minutes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo_day.write_log(tmp_path / "tour.nmea", NOW)
    assert replay.main(["--stops", str(tmp_path / "tour.nmea")]) == 0
    first = json.loads(capsys.readouterr().out)[0]
    known = datetime.fromisoformat(first["arrival"]) + timedelta(seconds=PROFILES["camion"].dwell)
    assert known - NOW < timedelta(minutes=4)
