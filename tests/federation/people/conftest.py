"""A ledger with people in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.federation.people.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty ledger, to be told of sign-ups."""
    made = Desk(tmp_path)
    yield made
    made.close()
