"""Stores to run a test on: a fresh one for each test, once in SQLite and once in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from federation.config import Store
from federation.ledger import Ledger
from tests.postgresql import PostgreSQL

KINDS: Final = ("sqlite", "postgresql")
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("store", ["postgresql"], indirect=True)
"""For tests of what only one of them does."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    """A PostgreSQL with a ledger to copy."""
    with PostgreSQL() as running:
        running.ask("CREATE DATABASE ledger")
        made = Store(data=tmp_path_factory.getbasetemp(), postgresql=running.address("ledger"))
        Ledger.open(made).close()
        yield running


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    if request.param == "sqlite":
        yield Store(data=tmp_path)
        return
    server: PostgreSQL = request.getfixturevalue("server")
    address = server.fresh(template="ledger")
    yield Store(data=tmp_path, postgresql=address)
    server.drop(address)
