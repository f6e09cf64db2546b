"""A ledger of each kind of store."""

from collections.abc import Iterator

import pytest

from federation.config import Store
from federation.ledger import Ledger


@pytest.fixture
def ledger(store: Store) -> Iterator[Ledger]:
    """A new one."""
    opened = Ledger.open(store)
    yield opened
    opened.close()
