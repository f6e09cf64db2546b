"""What the kiosk leaves to nobody: devices, modules, keys; and what an operator is told."""

from pathlib import Path

import pytest

from tests.support import write_toml
from tests.ui.kit import Bench
from ui import cli


def test_there_is_one_input_device_no_module_and_no_way_out() -> None:
    from kivy.config import Config

    assert Config.items("input") == [("mouse", "mouse,disable_multitouch")]
    assert Config.items("modules") == []
    assert Config.getint("kivy", "exit_on_escape") == 0


def test_every_key_is_swallowed(bench: Bench) -> None:
    f1, escape = 282, 27
    for key in (f1, escape, ord("e")):
        assert bench.window.dispatch("on_keyboard", key, 0, "", ["ctrl"])
    assert bench.window.dispatch("on_request_close")
    assert bench.at == "welcome"
    assert bench.app._app_settings is None


def test_a_bad_configuration_is_told_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_toml(tmp_path / "unit.toml", {"unit": {"id": "van-test", "vehicule_name": "X"}})
    assert cli.main(["--config", str(config)]) == 1
    assert "did you mean vehicle_name?" in capsys.readouterr().err
