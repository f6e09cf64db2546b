"""Accounts and people's rights over PostgreSQL: the same as over SQLite."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.federation.web.accounts import on_postgresql
from tests.postgresql import PostgreSQL
from tests.support import write_toml


@pytest.mark.slow
def test_somebody_comes_in_and_has_a_name_forgotten_as_over_sqlite(tmp_path: Path) -> None:
    with PostgreSQL() as server:
        server.ask("CREATE DATABASE people")
        store = {"data": tmp_path / "data", "postgresql": server.address("people")}
        (tmp_path / "data").mkdir()
        toml = write_toml(tmp_path / "federation.toml", {"store": store})
        run = subprocess.run(
            [sys.executable, on_postgresql.__file__, str(toml)], capture_output=True, timeout=90,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}, check=False,
        )  # fmt: skip
    assert run.returncode == 0, run.stderr.decode()
    assert json.loads(run.stdout) == {
        **{f"try {number}": 403 for number in range(5)}, "try 5": 429,
        "in": 302, "kept": 4, "found": True, "opened": True, "proof": True, "journal": 2,
        "sound": [True, True],
    }  # fmt: skip
