"""The commands a technician types: what they answer, and how they refuse."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from federation import cli
from federation.ledger import Ledger
from tests.support import write_toml

from .van import UNIT, Van


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_toml(tmp_path / "federation.toml", {"store": {"data": str(tmp_path / "data")}})


def run(capsys: pytest.CaptureFixture[str], config: Path, *words: str) -> tuple[int, str, str]:
    code = cli.main(["--config", str(config), *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_config_prints_the_values_in_force(
    capsys: pytest.CaptureFixture[str], config: Path
) -> None:
    code, out, _ = run(capsys, config, "config")
    assert code == 0
    assert 'host = "127.0.0.1"' in out
    assert "partitions = [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]" in out


def test_all_faults_of_the_file_are_told_together(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write_toml(
        tmp_path / "bad.toml",
        {"broker": {"port": 0, "hosst": "x"}, "ingest": {"partitions": [16]}, "palces": {}},
    )
    code, out, err = run(capsys, path, "status")
    assert (code, out, err.count("\n")) == (1, "", 1)
    for fault in ("data is missing", "port = 0", "did you mean host?", "partitions = [16]"):
        assert fault in err
    assert "unknown section palces, did you mean places?" in err


def test_publish_says_what_will_be_sent(
    capsys: pytest.CaptureFixture[str], config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "notices.json"
    file.write_text('{"texts":{"fr":"Bonjour"}}', encoding="utf-8")
    assert run(capsys, config, "publish", UNIT, "notices", str(file)) == (
        0, f"{UNIT}: notices 1 will be sent\n", ""
    )  # fmt: skip
    code, _, err = run(capsys, config, "publish", UNIT, "notices", str(tmp_path / "none"))
    assert (code, "cannot be read" in err) == (1, True)


@pytest.mark.parametrize("command", [["status"], ["ledger"], ["ledger", "--json"]])
def test_without_a_ledger_readers_say_what_to_do(
    capsys: pytest.CaptureFixture[str], config: Path, command: list[str]
) -> None:
    code, out, err = run(capsys, config, *command)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "start escale-federation ingest first" in err


def test_readers_read_while_ingest_writes_was_killed_or_has_gone(
    capsys: pytest.CaptureFixture[str], config: Path, tmp_path: Path
) -> None:
    ledger = Ledger.open(tmp_path / "data" / "ledger.sqlite")
    with ledger.transaction():
        ledger.store(Van().notes(3).batch(1, 3), 1_777_885_200_000)
    code, out, _ = run(capsys, config, "ledger", "--json")
    assert (code, [json.loads(line)["seq"] for line in out.splitlines()]) == (0, [1, 2, 3])
    ledger.close()
    assert run(capsys, config, "ledger", "--json")[1] == out


def test_a_reader_that_has_enough_is_no_fault(config: Path, tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "data" / "ledger.sqlite")
    with ledger.transaction():
        van = Van().notes(900)
        ledger.store(van.batch(1, 900), 1_777_885_200_000)
    ledger.close()
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "federation.cli", "--config", str(config), "ledger"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False, timeout=30)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")
