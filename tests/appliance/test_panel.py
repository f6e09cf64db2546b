"""The vehicle panel: what the lamp tells, when the unit may stop, and the pins themselves."""

import itertools
from pathlib import Path

import pytest

from appliance import panel, stopping
from appliance.config import PanelPins
from appliance.panel import Panel
from appliance.panel_rules import (
    HELP,
    IGNITION_GRACE,
    MOST_UPDATING,
    PATTERNS,
    Inputs,
    Power,
    PowerWatch,
    lamp_state,
    lit,
    updating,
)
from appliance.vehicle.board import Board
from tests.support import unit_config

LOW = Inputs(ignition=False, battery_low=True)
PARKED = Inputs(ignition=False, battery_low=False)
DRIVING = Inputs(ignition=True, battery_low=False)
TRIKE = Inputs()


def rhythm(pattern: tuple[float, ...]) -> str:
    """Six seconds of a pattern, a tenth of a second each."""
    return "".join("#" if lit(pattern, tenth / 10 + 0.05) else "." for tenth in range(60))


def over(
    watch: PowerWatch,
    inputs: Inputs,
    start: int,
    stop: int,
    *,
    on_duty: bool,
    updating: bool = False,
) -> Power:
    """What is said at the end of that many seconds of the same."""
    power = Power()
    for second in range(start, stop + 1):
        power = watch.see(second, inputs, on_duty=on_duty, updating=updating)
    return power


def test_each_state_of_the_lamp_has_a_rhythm_of_its_own() -> None:
    assert rhythm(PATTERNS["sending"]) == ("#" * 29 + ".") * 2
    assert rhythm(PATTERNS["kept"]) == ("#" * 10 + "." * 10) * 3
    assert rhythm(PATTERNS["fault"]) == ("##..##..##" + "." * 10) * 3
    assert rhythm(HELP)[:50].count("#") == 4


def test_the_lamp_says_sending_only_while_the_link_is_up_and_fault_before_all() -> None:
    up, down = {"link": "up", "faults": []}, {"link": "down", "faults": []}
    assert lamp_state(up, None, 0) == "sending"
    assert lamp_state(down, {"disk_state": "low"}, 0) == "kept"
    assert lamp_state(None, None, 0) == "kept"
    assert lamp_state(up, {"disk_state": "full"}, 0) == "fault"
    assert lamp_state(up | {"faults": ["certificate expired"]}, None, 0) == "fault"
    assert lamp_state(up, {"faults": ["screen.db is damaged"]}, 0) == "fault"
    assert lamp_state(up, None, 1) == "fault"


def test_ignition_off_never_stops_the_unit_on_duty() -> None:
    assert over(PowerWatch(), PARKED, 0, 86_400, on_duty=True) == Power()


def test_off_duty_with_the_ignition_off_for_a_while_the_unit_stops() -> None:
    watch = PowerWatch()
    assert over(watch, PARKED, 0, int(IGNITION_GRACE) - 1, on_duty=False) == Power()
    assert over(watch, PARKED, 300, 300, on_duty=False) == Power(shutdown="ignition")


def test_the_key_turned_again_starts_the_while_afresh() -> None:
    watch = PowerWatch()
    over(watch, PARKED, 0, 299, on_duty=False)
    over(watch, DRIVING, 300, 300, on_duty=False)
    assert over(watch, PARKED, 301, 600, on_duty=False) == Power()
    assert over(watch, PARKED, 601, 601, on_duty=False) == Power(shutdown="ignition")


def test_a_trike_without_ignition_is_never_stopped_by_it() -> None:
    assert over(PowerWatch(), TRIKE, 0, 86_400, on_duty=False) == Power()


def test_an_update_under_way_puts_the_stop_off_and_not_for_ever() -> None:
    watch = PowerWatch()
    assert over(watch, PARKED, 0, 1000, on_duty=False, updating=True) == Power()
    assert over(watch, PARKED, 1001, 1300, on_duty=False) == Power()
    assert over(watch, PARKED, 1301, 1302, on_duty=False).shutdown == "ignition"
    watch = PowerWatch()
    end = int(MOST_UPDATING + IGNITION_GRACE)
    assert over(watch, PARKED, 0, end - 1, on_duty=False, updating=True) == Power()
    assert over(watch, PARKED, end, end + 1, on_duty=False, updating=True).shutdown == "ignition"


def test_a_low_battery_waits_for_no_update() -> None:
    said = over(PowerWatch(), LOW, 0, 620, on_duty=False, updating=True)
    assert said.shutdown == "battery"


def test_what_counts_as_an_update_under_way() -> None:
    assert updating({"state": "installing"}, None, None)
    assert updating(None, {"state": "fetching", "mobile": False}, None)
    assert updating(None, None, {"state": "checking"})
    assert not updating({"state": "waiting"}, {"state": "waiting"}, {"state": "good"})
    assert not updating(None, {"state": "fetching", "mobile": True}, None)
    assert not updating(None, None, None)


def test_the_warning_is_spoken_as_it_begins_and_a_minute_before_the_end() -> None:
    watch = PowerWatch()
    spoken = [second for second in range(610) if watch.see(second, LOW, on_duty=True).speak]
    assert spoken == [*range(10, 15), *range(550, 555)]


def a_board(tmp_path: Path) -> Board:
    config = unit_config(tmp_path, twin={"pins": "real"}, panel={"poweroff": True})
    config.paths.run.mkdir(parents=True, exist_ok=True)
    return Board(config)


def test_a_unit_whose_time_has_come_asks_for_it_by_a_file(tmp_path: Path) -> None:
    the_board = a_board(tmp_path)
    wish = stopping.wanted(unit_config(tmp_path).paths.run, "poweroff")
    the_board.stop_if_due(1000.0)
    assert not wish.exists()
    the_board.power = Power(shutdown="battery")
    the_board.stop_if_due(1001.0)
    assert (wish.exists(), the_board.faults) == (True, [])


def test_a_unit_that_goes_on_is_told_and_asks_again(tmp_path: Path) -> None:
    the_board = a_board(tmp_path)
    wish = stopping.wanted(unit_config(tmp_path).paths.run, "poweroff")
    the_board.power = Power(shutdown="battery")
    the_board.stop_if_due(1000.0)
    wish.unlink()
    the_board.stop_if_due(1029.0)
    assert (wish.exists(), the_board.faults) == (False, [])
    the_board.stop_if_due(1030.0)
    assert (wish.exists(), len(the_board.faults)) == (True, 1)
    the_board.power = Power()
    the_board.stop_if_due(1031.0)
    assert the_board.faults == []


def test_a_battery_that_recovered_and_fell_again_stops_the_unit(tmp_path: Path) -> None:
    the_board = a_board(tmp_path)
    wish = stopping.wanted(unit_config(tmp_path).paths.run, "poweroff")
    for second, due in ((0, "battery"), (1, None), (2, "battery")):
        the_board.power = Power(shutdown=due)
        the_board.stop_if_due(1000.0 + second)
        assert wish.exists() == (due is not None)
        wish.unlink(missing_ok=True)


def test_a_unit_that_cannot_ask_says_so(tmp_path: Path) -> None:
    the_board = a_board(tmp_path)
    run = unit_config(tmp_path).paths.run
    run.rmdir()
    run.write_text("in the way", encoding="utf-8")
    the_board.power = Power(shutdown="ignition")
    the_board.stop_if_due(1000.0)
    assert the_board.faults[0].startswith("the unit could not be stopped (Not a directory)")


def test_a_pin_library_that_fails_is_a_fault_and_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("Cannot determine SOC peripheral base address")

    monkeypatch.setattr(panel, "InputDevice", refuse)
    bad = Panel(PanelPins(ignition=17), mock=True)
    assert "peripheral base address" in bad.fault
    bad.close()


@pytest.mark.parametrize("on_duty", [True, False])
def test_a_low_battery_warns_for_ten_minutes_then_stops_even_on_duty(on_duty: bool) -> None:
    watch, low = PowerWatch(), Inputs(ignition=True, battery_low=True)
    assert over(watch, low, 0, 9, on_duty=on_duty) == Power()
    assert over(watch, low, 10, 10, on_duty=on_duty) == Power("battery", 600, speak=True)
    assert over(watch, low, 11, 609, on_duty=on_duty) == Power("battery", 1)
    assert over(watch, low, 610, 610, on_duty=on_duty) == Power("battery", 0, shutdown="battery")


def test_the_starter_motor_dragging_the_battery_down_warns_nobody() -> None:
    watch = PowerWatch()
    for start in range(0, 3600, 30):
        assert over(watch, LOW, start, start + 8, on_duty=True) == Power()
        assert over(watch, PARKED, start + 9, start + 29, on_duty=True) == Power()


def test_a_battery_charged_again_ends_the_warning_a_flicker_does_not() -> None:
    watch = PowerWatch()
    over(watch, LOW, 0, 300, on_duty=True)
    assert over(watch, PARKED, 301, 305, on_duty=True).warning == "battery"
    assert over(watch, LOW, 306, 310, on_duty=True) == Power("battery", 300)
    assert over(watch, PARKED, 311, 321, on_duty=True) == Power()


def test_the_pins_are_read_and_shown() -> None:
    panel = Panel(PanelPins(ignition=17, battery_low=4, lamp=27, buzzer=22), mock=True)
    ignition, battery, lamp, buzzer = (panel.factory.pin(f"GPIO{n}") for n in (17, 4, 27, 22))
    for ignited, low in itertools.product((True, False), repeat=2):
        ignition.drive_high() if ignited else ignition.drive_low()
        battery.drive_high() if low else battery.drive_low()
        assert panel.read() == Inputs(ignition=ignited, battery_low=low)
    panel.show(lamp=True, buzzer=False)
    assert (lamp.state, buzzer.state) == (True, False)
    panel.show(lamp=False, buzzer=True)
    assert (lamp.state, buzzer.state) == (False, True)
    panel.close()
    panel.close()


def test_what_is_not_wired_is_not_there() -> None:
    panel = Panel(PanelPins(), mock=True)
    panel.show(lamp=True, buzzer=True)
    assert panel.read() == Inputs()
    panel.close()


@pytest.mark.filterwarnings("ignore::gpiozero.exc.PinFactoryFallback")
def test_a_machine_without_pins_goes_on_and_says_why() -> None:
    panel = Panel(PanelPins(ignition=17, lamp=27), mock=False)
    if not panel.fault:
        pytest.skip("this machine has real pins")
    panel.show(lamp=True, buzzer=True)
    assert panel.read() == Inputs()
    assert panel.fault.startswith("GPIO 17 of the panel cannot be used")
    panel.close()
