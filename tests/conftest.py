"""Fixtures that more than one room needs. Helpers are in tests/support.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import Mosquitto
from tests.trusted import Trusted


@pytest.fixture
def trusted() -> Trusted:
    return Trusted()


@pytest.fixture
def broker(tmp_path: Path, trusted: Trusted) -> Iterator[Mosquitto]:
    """A real mosquitto with nothing in it, which lets nobody in without a certificate."""
    with Mosquitto(tmp_path / "broker", trusted=trusted) as running:
        yield running
