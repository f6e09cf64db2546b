"""Stores to run a test on: a fresh one for each test, of each kind."""

from pathlib import Path
from typing import Final

import pytest

from federation.config import Store

KINDS: Final = ("sqlite",)
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
"""For tests of what only files do."""


@pytest.fixture(params=KINDS)
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(data=tmp_path)
