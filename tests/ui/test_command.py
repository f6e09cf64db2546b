"""The command line of the screen: one sentence for what is wrong."""

from pathlib import Path

import pytest

from tests.support import unit_config_file
from ui import cli


def test_pictures_that_cannot_be_written_are_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = unit_config_file(tmp_path)
    assert cli.main(["--config", str(config), "--shots", "/proc/pictures"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("escale-screen: /proc/pictures cannot be made")
    assert told.count("\n") == 1


def test_a_machine_without_a_display_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    assert cli.main(["--config", str(unit_config_file(tmp_path))]) == 1
    assert "there is no display here" in capsys.readouterr().err
