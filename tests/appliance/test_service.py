"""A service from its first step to its orderly end, and what it tells systemd."""

import logging
import os
import signal
import socket
from pathlib import Path

import pytest

from appliance import service
from appliance.errors import OperatorError


class Steps:
    """Counts; asks itself to stop by a real signal at the step given."""

    def __init__(self, stop_at: int = 3, pause: float = 0.0) -> None:
        self.taken, self.closed = 0, 0
        self._stop_at, self._pause = stop_at, pause

    def step(self, _now: float) -> float:
        self.taken += 1
        if self.taken == self._stop_at:
            os.kill(os.getpid(), signal.SIGTERM)
        return self._pause

    def close(self) -> None:
        self.closed += 1


def test_a_signal_ends_the_loop_between_two_steps_and_closes_once() -> None:
    steps = Steps(stop_at=3)
    assert service.run(steps.step, close=steps.close, name="test") == 0
    assert (steps.taken, steps.closed) == (3, 1)


def test_a_signal_wakes_a_sleeping_service() -> None:
    steps = Steps(stop_at=1, pause=60.0)
    assert service.run(steps.step, close=steps.close, name="test") == 0
    assert steps.taken == 1


def test_handlers_are_put_back_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    steps = Steps(stop_at=1)
    service.run(steps.step, close=steps.close, name="test")
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


def test_a_bug_is_logged_once_closes_what_was_open_and_gives_code_1(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def step(_now: float) -> float:
        raise ZeroDivisionError

    steps = Steps()
    with caplog.at_level(logging.ERROR):
        assert service.run(step, close=steps.close, name="test") == 1
    assert steps.closed == 1
    assert [(record.name, record.exc_info is not None) for record in caplog.records] == [
        ("test", True)
    ]


def test_an_operators_error_goes_through_without_a_traceback() -> None:
    def step(_now: float) -> float:
        raise OperatorError("the card is full, empty it")

    steps = Steps()
    with pytest.raises(OperatorError, match="the card is full"):
        service.run(step, close=steps.close, name="test")
    assert steps.closed == 1


def test_systemd_hears_ready_then_a_pat_at_each_step_then_stopping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        steps = Steps(stop_at=2)
        service.run(steps.step, close=steps.close, name="test")
        heard = [systemd.recv(100).decode() for _ in range(4)]
    assert heard == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]
