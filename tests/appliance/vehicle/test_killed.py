"""The real process, killed with -9 inside a stop, its receiver playing at a hundred times life."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.errors import OperatorError
from appliance.journal import JournalReader
from appliance.journal_cli import append
from appliance.twins.gps_on_pty import GpsOnPty
from protocol.event import Event
from tests.appliance.vehicle.van import MORNING, STOPS
from tests.support import eventually, unit_config, unit_config_file
from tests.vehicle_log import Road

SPEED = 100.0


class Service:
    """`escale vehicle` as systemd would run it, and the receiver it listens to."""

    def __init__(self, folder: Path, log: bytes) -> None:
        link = folder / "dev" / "gps"
        sections = {"gps": {"port": str(link)}, "twin": {"clock_rate": SPEED, "pins": "mock"}}
        self.file = unit_config_file(folder, **sections)  # type: ignore[arg-type]
        self.config = unit_config(folder, **sections)  # type: ignore[arg-type]
        self.receiver = GpsOnPty(log, link, speed=SPEED)
        self.receiver.plug()
        self._played, self._last = 0.0, time.monotonic()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "appliance.cli", "--config", str(self.file), "vehicle"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode

    def play(self) -> None:
        """The receiver goes on; a machine that is slow today does not make it skip."""
        assert self.process.poll() is None, self.process.communicate()
        now = time.monotonic()
        self._played += min(now - self._last, 0.05)
        self._last = now
        self.receiver.step(self._played)

    def after(self, events: int) -> list[Event]:
        """The stop's events, once there are that many, the receiver playing on meanwhile."""

        def enough() -> list[Event]:
            self.play()
            found = self.stops()
            return found if len(found) >= events else []

        return eventually(enough, 60, f"{events} events of stops, not {self.stops()}")

    def stops(self) -> list[Event]:
        try:
            with JournalReader.open(self.config.paths.data / "vehicle.db") as reader:
                return [entry.event for entry in reader.entries(STOPS)]  # type: ignore[misc]
        except OperatorError:
            return []  # it is just being made

    def heard(self, said: str) -> bool:
        self.play()
        path = self.config.paths.run / "vehicle.json"
        return path.exists() and said in path.read_text(encoding="utf-8")


def a_day() -> bytes:
    road = Road(MORNING)
    parts = [road.drive(12.0) for _ in range(60)]
    parts += [road.stand() for _ in range(900)]
    parts += [road.drive(12.0) for _ in range(600)]
    return b"".join(parts)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path, a_day())
    yield service
    if service.process.poll() is None:
        service.end(signal.SIGKILL)
    if service.process.stderr is not None:
        service.process.stderr.close()
    service.receiver.unplug()


@pytest.mark.slow
def test_killed_three_times_inside_a_stop_it_logs_one_stop(service: Service) -> None:
    append(service.config, "duty.started", "{}")
    (arrived,) = service.after(1)
    for _ in range(3):
        service.end(signal.SIGKILL)
        service.start()
        eventually(lambda: service.heard('"state":"fix"'), 30)
    before = service.stops()
    events = service.after(2)
    assert before == [arrived]
    assert [event.TYPE for event in events] == ["stop.arrived", "stop.departed"]
    assert service.end(signal.SIGTERM) == 0


def test_it_stops_in_order_when_told_to_and_says_so_at_its_next_start(service: Service) -> None:
    eventually(lambda: service.heard('"duty":"off"'), 30)
    assert service.end(signal.SIGTERM) == 0
    assert json.loads((service.config.paths.run / "vehicle.json").read_text())["faults"] == []


def test_a_second_vehicle_process_is_refused_in_one_sentence(service: Service) -> None:
    eventually(lambda: service.heard('"duty":"off"'), 30)
    second = subprocess.run(service.process.args, capture_output=True, text=True, timeout=30)
    assert second.returncode == 1
    (line,) = second.stderr.strip().splitlines()
    assert line.startswith("escale: ")
    assert "already being written" in line
