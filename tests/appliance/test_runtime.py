"""The files of the moment: whole, fresh, of this boot, or nothing."""

import json
import os
import time
from pathlib import Path

import pytest

from appliance import runtime
from protocol.messages import GpsStatus


def test_what_a_process_publishes_another_reads_whole(tmp_path: Path) -> None:
    assert runtime.publish(
        tmp_path / "run", "vehicle", {"duty": "on", "gps": GpsStatus(state="fix")}
    )
    told = runtime.read(tmp_path / "run", "vehicle")
    assert told is not None
    assert {key: told[key] for key in ("duty", "gps")} == {"duty": "on", "gps": {"state": "fix"}}
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["vehicle.json"]


def test_a_message_can_be_published_as_it_is(tmp_path: Path) -> None:
    runtime.publish(tmp_path, "uplink", GpsStatus(state="silent", bad_sentences=3))
    told = runtime.read(tmp_path, "uplink")
    assert told is not None
    assert (told["state"], told["bad_sentences"]) == ("silent", 3)


def test_a_word_of_another_boot_or_too_old_or_torn_says_nothing(tmp_path: Path) -> None:
    runtime.publish(tmp_path, "vehicle", {"duty": "on"})
    path = tmp_path / "vehicle.json"
    told = json.loads(path.read_bytes())
    now = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    spoilt = [
        json.dumps(told | {"boot_id": "another"}),
        json.dumps(told | {"boottime": now - 11_000}),
        json.dumps(told | {"boottime": now + 60_000}),
        json.dumps(told | {"boottime": "soon"}),
        json.dumps(told)[:-5],
        "[]",
    ]
    for text in spoilt:
        path.write_text(text, encoding="utf-8")
        assert runtime.read(tmp_path, "vehicle") is None
    assert runtime.read(tmp_path, "screen") is None


def test_a_folder_that_takes_nothing_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "run").write_text("in the way", encoding="utf-8")
    for _ in range(2):
        assert runtime.publish(tmp_path / "run", "vehicle", {"duty": "on"}) is False
    (told,) = [record.getMessage() for record in caplog.records]
    assert told.startswith(f"{tmp_path / 'run' / 'vehicle.json'} cannot be written (")


def test_a_pipe_or_a_link_in_a_word_s_place_says_nothing_and_keeps_nobody(tmp_path: Path) -> None:
    """Root's one-shots read what services say, and these may be in a stranger's hands."""
    runtime.publish(tmp_path, "vehicle", {"duty": "on"})
    os.mkfifo(tmp_path / "screen.json")
    (tmp_path / "uplink.json").symlink_to(tmp_path / "vehicle.json")
    (tmp_path / "keeper.json").symlink_to("/dev/zero")
    assert [runtime.read(tmp_path, name) for name in ("screen", "uplink", "keeper")] == [None] * 3


def test_nothing_is_published_through_what_lies_in_the_way(tmp_path: Path) -> None:
    theirs = tmp_path / f"update.{os.getpid()}.new"
    os.mkfifo(theirs)
    assert runtime.publish(tmp_path, "update", {"state": "idle"})
    assert (tmp_path / "update.json").is_file()
