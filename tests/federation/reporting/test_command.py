"""What the command shows while it works, and what it leaves when the disk refuses."""

import io
from pathlib import Path

import pytest

from federation.errors import OperatorError
from federation.reporting import command
from federation.reporting.command import Progress, write


def test_nothing_is_said_of_what_is_quick() -> None:
    out = io.StringIO()
    progress = Progress(out)
    progress("chiffres")
    progress.end()
    assert out.getvalue() == ""


def test_what_takes_long_says_what_it_is_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "PATIENCE", -1.0)
    out = io.StringIO()
    progress = Progress(out)
    progress("chiffres")
    progress.end()
    assert out.getvalue().startswith("report: chiffres…\nreport: ")


def test_a_folder_is_whole_and_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write(tmp_path, "r", {"a.csv": b"1", "old.csv": b"1"})
    folder = write(tmp_path, "r", {"a.csv": b"2", "coop/b.csv": b"3"})
    found = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert found == {"a.csv": b"2", "coop/b.csv": b"3"}
    assert [path.name for path in tmp_path.iterdir()] == ["r"]


def test_a_folder_that_cannot_be_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OperatorError, match="give --out another folder"):
        write(tmp_path / "file", "r", {"a.csv": b"1"})
