"""The `escale` command: what it prints, and the one sentence for what is wrong."""

import json
import sqlite3
from contextlib import closing
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


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_journal_that_cannot_be_read_hides_no_other(
    unit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: tuple[str, ...]
) -> None:
    data = tmp_path / "data"
    assert escale("--config", unit, "journal", "append", "duty.started", "{}") == 0
    (data / "cli.db").rename(data / "vehicle.db")
    assert escale("--config", unit, "journal", "append", "duty.started", "{}") == 0
    with (data / "cli.db").open("r+b") as file:
        file.write(b"rot" * 10)
    (data / "screen.db").mkdir()
    (data / "aside").mkdir()
    (data / "aside" / "uplink-7.db").write_bytes(b"rot" * 2000)
    with closing(sqlite3.connect(data / "uplink.db")) as newer:
        newer.execute("PRAGMA user_version = 99")
    capsys.readouterr()
    assert escale("--config", unit, "journal", "status", *form) == 1
    told = capsys.readouterr()
    assert ("cli" in told.out, "screen" in told.out, len(told.out.splitlines())) == (
        True, False, 1 if form else 2
    )  # fmt: skip
    screen, uplink, cli_, aside = told.err.splitlines()
    assert "screen.db" in screen
    assert "move it away" in screen
    assert uplink.endswith("install the newer software again.")
    assert f"cannot read the journal {data / 'cli.db'}: " in cli_
    assert cli_.endswith(": append to it again, which will mend it.")
    assert aside.endswith(": keep it, it was set aside and its rows may still be wanted.")
    assert all(line.startswith("escale: ") for line in told.err.splitlines())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("duty.startd", "{}"), "duty.startd is not an event type: did you mean duty.started?"),
        (("nothing", "{}"), "nothing is not an event type: docs/protocol.md lists them"),
        (("visit.checked_in", "{}"), "not a body of visit.checked_in: "),
        (("duty.started", "[]"), "not a body of duty.started: "),
        (("duty.started", "{"), "not a body of duty.started: "),
        (("duty.started", '{"x":' * 1300 + "1" + "}" * 1300), "not a body of duty.started: "),
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
