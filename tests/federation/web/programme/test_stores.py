"""The programme on SQLite and on PostgreSQL: the same day has the same outcome."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from federation.config import Store
from tests.federation.van import TRUSTED
from tests.support import write_toml

pytestmark = pytest.mark.slow


def test_a_planners_day_is_the_same_on_both_stores(store: Store, tmp_path: Path) -> None:
    sections = TRUSTED.federation(tmp_path / "keys")
    where: dict[str, object] = {"data": tmp_path / "data"}
    if store.postgresql is not None:
        where["postgresql"] = store.postgresql
    (tmp_path / "data").mkdir()
    file = write_toml(tmp_path / "federation.toml", {"store": where, **sections})
    command = [sys.executable, "-m", "tests.federation.web.programme.whole_day", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=90)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "faults": [],
        "documents": [["programme", 1]],
        "waiting": [0, 0],
        "seats": {"van-germaine": 2},
        "desk": 0,
        "named": [True, True],
        "after": [False, False],
    }
