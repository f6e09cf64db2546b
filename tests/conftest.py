"""Fixtures that more than one room needs. Helpers are in tests/support.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import Mosquitto


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    """A real mosquitto with nothing in it."""
    with Mosquitto(tmp_path / "broker") as running:
        yield running
