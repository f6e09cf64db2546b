"""Every command of docs/provisioning.md, run as it stands there, in its order."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from provisioning import cli, facts, files, registry
from tests.provisioning.federation import AUTHORITY, ROOT

PAGE = (Path(__file__).parents[2] / "docs" / "provisioning.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_command_of_the_page_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files.write_private(tmp_path / "authority", AUTHORITY.encode())
    files.write_private(tmp_path / "root", ROOT.encode())
    files.write_private(tmp_path / "depot.txt", b"un mot de passe")
    (csv,) = blocks("csv")
    (tmp_path / "units.csv").write_text(csv, encoding="utf-8")
    commands = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    assert len(commands) > 20
    closed = ["--passphrase-file", "authority", "--root-passphrase-file", "root"]
    for program, *arguments in commands:
        assert program == "escale-provision"
        if "approve" in arguments:
            _it_slept_past_the_end(tmp_path / "federation" / "registry.jsonl")
        assert cli.main([*closed, *arguments]) == 0, (arguments, capsys.readouterr().err)


def _it_slept_past_the_end(path: Path) -> None:
    now = facts.now()
    ran_out = facts.Issued(
        at=now, name="van-germaine", serial="a1", not_after=now - timedelta(days=1),
        authority="a" * 64, certificate=b"der",
    )  # fmt: skip
    with registry.writing(path) as log:
        log.append(facts.CodeUsed(at=now, unit="van-germaine"), ran_out)
