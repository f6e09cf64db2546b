"""Alerts and the programming interface over PostgreSQL: the same as over SQLite."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.federation.web import on_postgresql
from tests.postgresql import PostgreSQL
from tests.support import write_toml


@pytest.mark.slow
def test_alerts_and_every_address_are_as_over_sqlite(tmp_path: Path) -> None:
    with PostgreSQL() as server:
        server.ask("CREATE DATABASE pages")
        store = {"data": tmp_path / "data", "postgresql": server.address("pages")}
        (tmp_path / "data").mkdir()
        toml = write_toml(tmp_path / "federation.toml", {"store": store})
        run = subprocess.run(
            [sys.executable, on_postgresql.__file__, str(toml)], capture_output=True, timeout=90,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}, check=False,
        )  # fmt: skip
    assert run.returncode == 0, run.stderr.decode()
    assert json.loads(run.stdout) == {
        "alerts": [["clock", "open"], ["disk", "open"]],
        "vehicles": 1, "units": 1, "stops": 1, "workshops": 0, "completeness": 1,
        "aggregates?period=2026&axis=theme": 1, "events": 2, "events?type=stop.arrived": 1,
        "cloudevents": 2, "/metrics": 200, "/health/ready": 200, "/alertes/": 200,
        "/alertes/historique/": 200,
    }  # fmt: skip
