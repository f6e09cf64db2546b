"""The port on a real (pseudo) terminal: found, lost, found elsewhere. The clock is the test's."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.gps import trouble
from appliance.gps.fix import Fix
from appliance.gps.hunt import SPEEDS, Line
from appliance.gps.port import GpsPort, PortStatus, present_ports
from appliance.twins.gps_on_pty import GpsOnPty, bursts

from .lines import gga, log, rmc

TICK = 0.1
LOG = b"".join(
    rmc(f"12{m:02d}{s:02d}.00") + gga(f"12{m:02d}{s:02d}.00") for m in range(10) for s in range(60)
)


class Bench:
    """A receiver, a port, and a clock that both live by."""

    def __init__(self, folder: Path, *, baud: int = 0, remembered: Line | None = None) -> None:
        self.folder = folder
        self.now = 0.0
        self.heard = 0
        self.twin = GpsOnPty(LOG, folder / "usb-receiver", baud=baud, loop=True)
        self.port = GpsPort((str(folder / "usb-*"),), remembered)

    def step(self) -> list[Fix]:
        self.twin.step(self.now)
        given = self.port.step(self.now, self.now)
        self.heard += len(given)
        self.now += TICK
        return given

    def until(self, condition: Callable[[], object], limit: float) -> float:
        """Seconds of the bench's clock until the condition holds."""
        start = self.now
        while not condition():
            assert self.now - start < limit, f"not within {limit} s"
            self.step()
        return self.now - start

    def until_fix(self, limit: float = 20.0) -> float:
        """Seconds until the next fix."""
        before = self.heard
        return self.until(lambda: self.heard > before, limit)

    def status(self) -> PortStatus:
        return self.port.status(self.now)

    def line(self, name: str, speed: int) -> Line:
        return Line(str(self.folder / name), speed)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    made.twin.plug()
    yield made
    made.port.close()
    made.twin.unplug()


@pytest.mark.parametrize("baud", SPEEDS)
def test_the_speed_is_found_within_fifteen_seconds(tmp_path: Path, baud: int) -> None:
    bench = Bench(tmp_path, baud=baud)
    bench.twin.plug()
    assert bench.until_fix() <= 15
    assert bench.port.remembered == bench.line("usb-receiver", baud)
    bench.port.close()
    bench.twin.unplug()


def test_a_remembered_line_is_heard_within_three_seconds(tmp_path: Path) -> None:
    bench = Bench(tmp_path, baud=19200, remembered=Line(str(tmp_path / "usb-receiver"), 19200))
    bench.twin.plug()
    assert bench.until_fix() <= 3
    bench.port.close()
    bench.twin.unplug()


def test_the_receiver_is_found_among_other_ports(bench: Bench) -> None:
    silent = GpsOnPty(b"", bench.folder / "usb-a-modem")
    noisy = GpsOnPty(LOG, bench.folder / "usb-b-noise", loop=True)
    noisy.noisy = True
    for twin in (silent, noisy):
        twin.plug()
    while not bench.step():
        noisy.step(bench.now)
        assert bench.now < 60
    assert bench.port.remembered == bench.line("usb-receiver", 9600)
    for twin in (silent, noisy):
        twin.unplug()


def test_a_receiver_plugged_in_elsewhere_is_heard_again_within_three_seconds(bench: Bench) -> None:
    bench.until_fix()
    bench.twin.unplug()
    bench.until(lambda: bench.status().state == "absent", 1)
    for _ in range(100):
        assert bench.step() == []
    assert bench.status().detail == "GPS : aucun port série ; brancher le récepteur."
    bench.twin.plug(bench.folder / "usb-other-socket")
    assert bench.until_fix() <= 3
    assert bench.port.remembered == bench.line("usb-other-socket", 9600)


def test_a_receiver_that_falls_silent_is_told_and_heard_when_it_speaks_again(bench: Bench) -> None:
    bench.until_fix()
    bench.twin.stalled = True
    bench.until(lambda: bench.status().state == "silent", 8)
    for _ in range(250):
        bench.step()
    assert "muet depuis" in bench.status().detail
    bench.twin.stalled = False
    assert bench.until_fix() <= 3
    assert bench.status() == PortStatus("fix", 8, bench.port.counts.damaged, "")


def test_after_a_minute_of_silence_another_port_is_heard(bench: Bench) -> None:
    bench.until_fix()
    bench.twin.stalled = True
    other = GpsOnPty(LOG, bench.folder / "usb-z-other", loop=True)
    other.plug()

    def heard() -> bool:
        other.step(bench.now)
        return bench.port.remembered == bench.line("usb-z-other", 9600)

    assert 55 <= bench.until(heard, 90) <= 75
    other.unplug()


def test_garbage_on_the_line_costs_only_what_it_damages(bench: Bench) -> None:
    bench.until_fix()
    bench.twin.noisy = True
    for _ in range(20):
        bench.step()
    bench.twin.noisy = False
    assert bench.until_fix() <= 3
    assert bench.status().state == "fix"


def test_a_receiver_without_sky_is_heard_and_has_no_fix(tmp_path: Path) -> None:
    twin = GpsOnPty(log("tn200"), tmp_path / "usb-receiver", loop=True)
    twin.plug()
    bench = Bench(tmp_path)
    bench.twin = twin
    assert {fix.mode for _ in range(100) for fix in bench.step()} == {1}
    assert (bench.status().state, "satellites" in bench.status().detail) == ("no_fix", True)
    bench.port.close()
    twin.unplug()


def test_a_second_reader_on_the_port_is_refused_in_one_sentence(bench: Bench) -> None:
    bench.until_fix()
    second = GpsPort((str(bench.folder / "usb-*"),))
    assert second.step(0.0) == []
    assert second.status(0.0).detail == (
        f"GPS : {bench.folder / 'usb-receiver'} est tenu par un autre programme ; "
        "arrêter gpsd ou ModemManager."
    )
    assert bench.until_fix() <= 3


def test_a_port_without_permission_says_which_group_is_missing() -> None:
    error = PermissionError(13, "Permission denied")
    assert trouble.sentence("/dev/ttyUSB0", error) == (
        "GPS : accès refusé à /dev/ttyUSB0 ; ajouter l'utilisateur au groupe dialout."
    )


def test_a_path_that_is_no_serial_port_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    port = GpsPort((str(tmp_path / "file"),))
    port.step(0.0)
    assert port.status(0.0).detail == (
        f"GPS : {tmp_path / 'file'} n'est pas un port série ; corriger gps.port."
    )


def test_the_stable_name_of_a_port_stands_for_it(tmp_path: Path) -> None:
    (tmp_path / "ttyACM0").write_text("")
    (tmp_path / "by-id").symlink_to(tmp_path / "ttyACM0")
    names = (str(tmp_path / "by-*"), str(tmp_path / "ttyACM*"))
    assert present_ports(names) == [str(tmp_path / "by-id")]


def test_a_step_that_is_told_not_to_wait_does_not(bench: Bench) -> None:
    bench.until_fix()
    before = os.times().elapsed
    for _ in range(50):
        bench.port.step(bench.now)
    assert os.times().elapsed - before < 1


def test_a_log_is_played_with_its_own_pauses() -> None:
    told = [
        (burst.after, burst.data.count(b"$"))
        for burst in bursts(rmc("120000.00") + gga("120000.00") + rmc("120002.00"))
    ]
    assert told == [(0.0, 2), (2.0, 1)]
