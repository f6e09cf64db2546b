"""The life of a process: systemd hears of it, a signal ends it in order."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from federation import service
from federation.errors import OperatorError


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Listens where systemd would."""
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(path))
        listener.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        yield listener


def heard(listener: socket.socket) -> list[str]:
    """All that was said so far."""
    words = []
    while True:
        try:
            words.append(listener.recv(100).decode())
        except BlockingIOError:
            return words


def test_a_process_says_that_it_is_there_and_after_each_step_that_it_lives(
    systemd: socket.socket,
) -> None:
    steps, closed = iter(range(3)), []

    def step(_now: float) -> None:
        if next(steps) == 2:
            os.kill(os.getpid(), signal.SIGTERM)

    assert service.run(step, close=lambda: closed.append(True), name="ingest") == 0
    assert closed == [True]
    assert heard(systemd) == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]


def test_what_an_operator_can_mend_is_told_and_everything_is_closed(
    systemd: socket.socket,
) -> None:
    closed = []

    def step(_now: float) -> None:
        raise OperatorError("the disk is full")

    with pytest.raises(OperatorError, match="disk is full"):
        service.run(step, close=lambda: closed.append(True), name="ingest")
    assert closed == [True]
    assert heard(systemd) == ["READY=1", "STOPPING=1"]
