"""The datagrams chrony is fed with, and a clock that may not be set."""

import socket
import struct
import time
from pathlib import Path

import pytest

from appliance import system_clock


def test_a_sample_is_laid_out_as_chrony_compiles_it() -> None:
    sample = system_clock.sock_sample(1_700_000_000_250_000_000, 1_700_000_001_000)
    assert len(sample) == 40
    assert struct.unpack("@qqdiiii", sample) == (
        1_700_000_000,
        250_000,
        pytest.approx(0.75, abs=1e-6),
        0,
        0,
        0,
        0x534F434B,
    )


def test_chrony_hears_the_offset_of_a_clock_ten_years_behind(tmp_path: Path) -> None:
    true_ms = time.time_ns() // 1_000_000 + 315_360_000_000
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as chrony:
        chrony.bind(str(tmp_path / "chrony.sock"))
        assert system_clock.feed_chrony(tmp_path / "chrony.sock", true_ms) is True
        offset = system_clock.SOCK_SAMPLE.unpack(chrony.recv(100))[2]
    assert offset == pytest.approx(315_360_000, abs=1)


def test_without_chrony_nothing_is_said(tmp_path: Path) -> None:
    assert system_clock.feed_chrony(tmp_path / "nobody.sock", 0) is False


def test_a_process_without_the_right_leaves_the_clock_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_clock: int, _time: int) -> None:
        raise PermissionError

    monkeypatch.setattr(time, "clock_settime_ns", refuse)
    assert system_clock.set_to(1_800_000_000_000) is False
