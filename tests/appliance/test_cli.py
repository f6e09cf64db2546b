"""The `escale` command: what it prints, and the one sentence for what is wrong."""

import json
from pathlib import Path

import pytest

from appliance import cli
from tests.support import unit_config_file


def escale(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A unit's file; its data folder is made, as the card's is."""
    path = unit_config_file(tmp_path)
    (tmp_path / "data").mkdir()
    return path


def test_an_event_appended_by_hand_is_on_board(
    unit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert escale("--config", unit, "journal", "append", "duty.started", "{}") == 0
    key = json.loads(capsys.readouterr().out)
    assert escale("--config", unit, "journal", "status", "--json") == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "name": "cli",
            "epoch": key["epoch"],
            "head": 1,
            "watermark": 0,
            "backlog": 1,
            "quarantined": 0,
        }
    ]
    assert escale("--config", unit, "journal", "status") == 0
    assert capsys.readouterr().out.splitlines()[1].split()[0] == "cli"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("duty.startd", "{}"), "duty.startd is not an event type: did you mean duty.started?"),
        (("nothing", "{}"), "nothing is not an event type: docs/protocol.md lists them"),
        (("visit.checked_in", "{}"), "not a body of visit.checked_in: "),
        (("duty.started", "[]"), "not a body of duty.started: "),
        (("duty.started", "{"), "not a body of duty.started: "),
        (("duty.started", "\ud800"), "not a body of duty.started: "),
        (("day.closed", json.dumps({"x": "y" * 9000})), "more than a journal row holds"),
    ],
)
def test_what_is_no_event_is_refused_in_one_sentence(
    unit: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str], sentence: str
) -> None:
    assert escale("--config", unit, "journal", "append", *arguments) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert told.count("\n") == 1


def test_a_command_without_its_file_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert escale("vehicle") == 1
    assert capsys.readouterr().err == (
        "escale: no configuration: give --config FILE before the command\n"
    )


def test_the_values_in_force_are_printed(unit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert escale("--config", unit, "config") == 0
    assert 'id = "van-germaine"' in capsys.readouterr().out


def test_a_replay_of_a_file_that_is_not_there_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert escale("replay", "--fixes", "/no/such/file.nmea") == 1
    told = capsys.readouterr().err
    assert "/no/such/file.nmea" in told
    assert told.count("\n") == 1
