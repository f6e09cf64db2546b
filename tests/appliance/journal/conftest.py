"""Fixtures of the journal's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from tests.appliance.journal.support import opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "screen.db"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def journal(path: Path, clock: SettableClock) -> Iterator[Journal]:
    journal = opened(path, clock)
    yield journal
    journal.close()
