"""`escale replay`: the commands others rely on, on a day whose stops are known."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance import replay
from appliance.errors import OperatorError
from appliance.twins.tour import Place, tour
from tests.appliance.gps.lines import LOGS, gga, rmc

START = datetime(2026, 3, 17, 7, 30, tzinfo=UTC)
DAY = [
    Place(48.1173, -1.6778, 5),
    Place(48.1305, -1.6501, 45),
    Place(48.1500, -1.6900, 12),
    Place(48.1173, -1.6778, 5),
]


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert replay.main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.fixture
def day(tmp_path: Path) -> Path:
    path = tmp_path / "day.nmea"
    path.write_bytes(b"".join(tour(DAY, START, seed=7)))
    return path


def test_the_stops_of_a_day_are_found_where_and_when_they_were(
    day: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(output(capsys, "--stops", str(day)))
    assert [set(stop) for stop in found] == [{"arrival", "departure", "lat", "lon"}] * 4
    assert [stop["lat"] for stop in found] == pytest.approx([p.lat for p in DAY], abs=2e-4)
    assert [stop["lon"] for stop in found] == pytest.approx([p.lon for p in DAY], abs=2e-4)
    stood = [seconds(stop) for stop in found[:3]]
    assert stood == pytest.approx([60 * place.minutes for place in DAY[:3]], abs=6)
    assert found[3]["departure"] is None


def seconds(stop: dict[str, Any]) -> float:
    start, end = (datetime.fromisoformat(stop[name]) for name in ("arrival", "departure"))
    return (end - start).total_seconds()


def test_every_fix_is_one_line_of_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "log.nmea"
    path.write_bytes(b"# a comment\r\n$" + rmc() + gga())
    assert [json.loads(line) for line in output(capsys, "--fixes", str(path)).splitlines()] == [
        {
            "time": "2026-03-23T12:35:19.000Z",
            "lat": 48.1173,
            "lon": 11.51666667,
            "speed": 5.144,
            "mode": 3,
            "hdop": 0.9,
            "satellites": 8,
        }
    ]


def test_a_log_is_read_from_the_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO((LOGS / "mt3339.log").read_bytes()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert len(output(capsys, "--fixes", "-").splitlines()) == 30


def test_fixes_before_the_first_date_get_theirs_once_it_is_told_twice() -> None:
    data = gga("123517.00") + gga("123518.00") + rmc("123519.00") + rmc("123520.00")
    times = [fix.time for fix in replay.dated(replay.read(io.BytesIO(data)))]
    assert [time and time.second for time in times] == [17, 18, 19, 20]


def test_a_date_told_once_dates_nothing_before_it() -> None:
    data = gga("123517.00") + gga("123518.00") + rmc("123519.00")
    times = [fix.time for fix in replay.dated(replay.read(io.BytesIO(data)))]
    assert [time and time.second for time in times] == [None, None, 19]


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"cannot read .*absent: No such file"):
        replay.main(["--fixes", str(tmp_path / "absent")])


def test_a_red_light_in_munich_is_no_stop(capsys: pytest.CaptureFixture[str]) -> None:
    munich = LOGS.parent / "genivi" / "munich.nmea"
    assert json.loads(output(capsys, "--stops", str(munich))) == []
    assert len(output(capsys, "--fixes", str(munich)).splitlines()) > 800
