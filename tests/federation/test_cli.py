"""The commands a technician types: what they answer, and how they refuse."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from federation import cli, ingest_keys
from federation import config as configuration
from federation.config import Store
from federation.ledger import Ledger
from tests.support import write_toml
from tests.trusted import Trusted

from .bench import Bench, link
from .stores import on_sqlite
from .van import TRUSTED, UNIT, Van


@pytest.fixture
def config(tmp_path: Path) -> Path:
    sections = TRUSTED.federation(tmp_path / "keys")
    sections["store"] = {"data": str(tmp_path / "data")}
    return write_toml(tmp_path / "federation.toml", sections)


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


@pytest.fixture
def notice(tmp_path: Path) -> str:
    file = tmp_path / "notices.json"
    file.write_text('{"texts":{"fr":"Bonjour"}}', encoding="utf-8")
    return str(file)


def test_publish_says_what_will_be_sent(
    capsys: pytest.CaptureFixture[str], config: Path, notice: str
) -> None:
    words = ("publish", "notices", notice, "--unit", UNIT, "--unit", "van-simone")
    assert run(capsys, config, *words) == (
        0, f"{UNIT}: notices 1 will be sent\nvan-simone: notices 1 will be sent\n", ""
    )  # fmt: skip
    again = run(capsys, config, "publish", "notice", notice, "--unit", UNIT)
    assert again == (0, f"{UNIT}: notices 2 will be sent\n", "")
    code, _, err = run(capsys, config, "publish", "notice", notice + ".none", "--unit", UNIT)
    assert (code, "cannot be read" in err) == (1, True)


@on_sqlite
def test_all_are_the_units_that_the_ledger_knows(
    capsys: pytest.CaptureFixture[str], config: Path, notice: str, bench: Bench
) -> None:
    code, _, err = run(capsys, config, "publish", "notices", notice, "--all")
    assert (code, "start escale-federation ingest first" in err) == (1, True)
    bench.arrive(link(), link("van-simone"))
    (bench.store.data / "data").symlink_to(bench.store.data)
    out = run(capsys, config, "publish", "notices", notice, "--all")[1]
    assert out == f"{UNIT}: notices 1 will be sent\nvan-simone: notices 1 will be sent\n"


def test_a_trust_statement_is_published_by_its_serial(
    capsys: pytest.CaptureFixture[str], config: Path, tmp_path: Path
) -> None:
    (tmp_path / "statement").write_bytes(TRUSTED.statement(serial=5))
    words = ("publish", "trust", str(tmp_path / "statement"), "--unit", UNIT)
    assert run(capsys, config, *words) == (0, f"{UNIT}: trust 5 will be sent\n", "")
    (tmp_path / "statement").write_bytes(Trusted().statement(serial=6))
    code, out, err = run(capsys, config, *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "make it with escale-provision" in err


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("weather", "'weather' is not a document: programme, tour, settings, notices, trust are."),
        ("roster", "'roster' is not a document"),
        ("tour", "this tour has unknown keys: texts."),
    ],
)
def test_what_is_not_to_be_published_is_refused_in_one_sentence(
    capsys: pytest.CaptureFixture[str], config: Path, notice: str, kind: str, says: str
) -> None:
    code, out, err = run(capsys, config, "publish", kind, notice, "--unit", UNIT)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert says in err


def test_without_the_documents_key_nothing_is_published(
    capsys: pytest.CaptureFixture[str], config: Path, notice: str, tmp_path: Path
) -> None:
    (tmp_path / "keys" / "documents.pem").unlink()
    code, _, err = run(capsys, config, "publish", "notices", notice, "--unit", UNIT)
    assert (code, err.count("\n")) == (1, 1)
    assert "[keys] documents" in err


def test_ingest_tells_all_that_is_wrong_with_its_keys_together(
    capsys: pytest.CaptureFixture[str], config: Path, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    (keys / "root.pem").unlink()
    (keys / "devices.pem").write_text("no certificate", encoding="utf-8")
    (keys / "receipts.pem").write_bytes((keys / "sealing.pem").read_bytes())
    (keys / "revoked.pem").write_text("no list", encoding="utf-8")
    code, out, err = run(capsys, config, "ingest")
    assert (code, out, err.count("\n")) == (1, "", 1)
    for fault in (
        f"[broker] root {keys}/root.pem cannot be read (No such file or directory).",
        f"[keys] devices {keys}/devices.pem holds no certificate as PEM: mend it.",
        f"[keys] receipts {keys}/receipts.pem is a key that seals, not one that signs.",
    ):
        assert fault in err
    assert not (tmp_path / "data").exists()


def test_ingest_needs_neither_the_key_that_signs_documents_nor_the_one_that_opens_names(
    config: Path, tmp_path: Path
) -> None:
    (tmp_path / "keys" / "documents.pem").unlink()
    (tmp_path / "keys" / "sealing.pem").unlink()
    assert ingest_keys.load(configuration.load(config)).receipts is not None


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
    ledger = Ledger.open(Store(data=tmp_path / "data"))
    with ledger.transaction():
        ledger.store(Van().notes(3).batch(1, 3), 1_777_885_200_000)
    code, out, _ = run(capsys, config, "ledger", "--json")
    assert (code, [json.loads(line)["seq"] for line in out.splitlines()]) == (0, [1, 2, 3])
    ledger.close()
    assert run(capsys, config, "ledger", "--json")[1] == out


def test_a_reader_that_has_enough_is_no_fault(config: Path, tmp_path: Path) -> None:
    ledger = Ledger.open(Store(data=tmp_path / "data"))
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
