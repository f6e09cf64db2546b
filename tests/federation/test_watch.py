"""Learning that somebody committed, while files are put in each other's place."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from federation.errors import OperatorError
from federation.sqlite import Watch


def file(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE fact (number INTEGER)")
        made.commit()
    return path


def write(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("INSERT INTO fact VALUES (1)")
        other.commit()


def test_a_commit_is_seen_and_nothing_else(tmp_path: Path) -> None:
    watch = Watch(file(tmp_path / "ledger.sqlite"), tmp_path / "web.sqlite")
    before = watch.token()
    assert watch.token() == before
    write(tmp_path / "ledger.sqlite")
    assert watch.token() != before
    watch.close()


def test_a_file_that_was_away_for_a_moment_is_watched_again(tmp_path: Path) -> None:
    path = file(tmp_path / "ledger.sqlite")
    watch = Watch(path)
    watch.token()
    os.link(path, tmp_path / "same")  # it comes back as the very same file
    path.unlink()
    path.mkdir()
    with pytest.raises(OperatorError):
        watch.token()
    path.rmdir()
    (tmp_path / "same").rename(path)
    before = watch.token()
    write(path)
    assert watch.token() != before
    watch.close()
