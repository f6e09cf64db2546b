"""Whether the unit may stop or start again: whose word it is, and what it says."""

import os
from pathlib import Path

import pytest

from appliance import cli, runtime, stopping
from appliance.panel_rules import Power

US, SOMEBODY_ELSE = os.getuid(), os.getuid() + 1


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path


def the_vehicle_says(run: Path, power: Power) -> None:
    runtime.publish(run, "vehicle", {"power": power})


@pytest.mark.parametrize("reason", ["ignition", "battery"])
def test_the_unit_stops_while_the_vehicle_sees_a_reason(run: Path, reason: str) -> None:
    the_vehicle_says(run, Power(shutdown=reason))  # type: ignore[arg-type]
    stopping.ask(run, "poweroff")
    assert stopping.refusal(run, "poweroff", US) == ""


def test_on_duty_with_the_engine_off_no_wish_stops_it(run: Path) -> None:
    the_vehicle_says(run, Power())
    stopping.ask(run, "poweroff")
    assert "no reason" in stopping.refusal(run, "poweroff", US)


def test_a_battery_that_is_only_warned_of_stops_nothing_yet(run: Path) -> None:
    the_vehicle_says(run, Power(warning="battery", seconds_left=500))
    assert "no reason" in stopping.refusal(run, "poweroff", US)


def test_a_word_of_another_service_in_the_vehicle_s_name_counts_for_nothing(run: Path) -> None:
    the_vehicle_says(run, Power(shutdown="battery"))
    assert "not said" in stopping.refusal(run, "poweroff", SOMEBODY_ELSE)


def test_what_the_vehicle_said_long_ago_counts_for_nothing(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_vehicle_says(run, Power(shutdown="battery"))
    later = runtime._boottime() + 11_000
    monkeypatch.setattr(runtime, "_boottime", lambda: later)
    assert "no reason" in stopping.refusal(run, "poweroff", US)


@pytest.mark.parametrize("told", ["", "[]", "{", '{"power": "battery"}'])
def test_a_word_that_cannot_be_read_counts_for_nothing(run: Path, told: str) -> None:
    runtime.file_of(run, "vehicle").write_text(told, encoding="utf-8")
    assert stopping.refusal(run, "poweroff", US) != ""


def test_only_root_s_wish_starts_the_unit_again(run: Path) -> None:
    assert stopping.refusal(run, "reboot", US) != ""
    stopping.ask(run, "reboot")
    assert stopping.refusal(run, "reboot", US) == ""
    assert stopping.refusal(run, "reboot", SOMEBODY_ELSE) != ""


def test_a_link_to_a_file_of_root_s_is_no_wish_of_root_s(run: Path) -> None:
    wish = stopping.wanted(run, "reboot")
    wish.symlink_to("/etc/passwd")
    os.chown(wish, SOMEBODY_ELSE if US == 0 else US, -1, follow_symlinks=False)
    assert stopping.refusal(run, "reboot", 0) != ""


def test_another_word_of_root_s_by_the_wish_s_name_is_no_wish(run: Path) -> None:
    """Whoever may write in the folder may rename what lies there, root's files too."""
    runtime.publish(run, "update", {"state": "idle"})
    runtime.file_of(run, "update").rename(stopping.wanted(run, "reboot"))
    assert stopping.refusal(run, "reboot", US) != ""


def test_a_wish_that_was_put_aside_for_later_is_none(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping.ask(run, "reboot")
    later = stopping._boottime() + 31
    monkeypatch.setattr(stopping, "_boottime", lambda: later)
    assert stopping.refusal(run, "reboot", US) != ""


def test_a_link_in_the_way_of_a_wish_leads_nowhere(run: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    stopping.wanted(run, "reboot").with_suffix(f".{os.getpid()}.new").symlink_to(elsewhere)
    stopping.ask(run, "reboot")
    assert not elsewhere.exists()
    assert stopping.refusal(run, "reboot", US) == ""


def test_the_command_tells_by_its_code_and_needs_no_settings(run: Path) -> None:
    command = ["may-stop", "reboot", "--run", str(run)]
    assert cli.main(command) == 1
    stopping.ask(run, "reboot")
    assert cli.main(command) == (0 if US == 0 else 1)
