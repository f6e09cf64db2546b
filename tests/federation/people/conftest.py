"""A ledger with people in it."""

from collections.abc import Iterator

import pytest

from federation.config import Store
from tests.federation.people.desk import Desk


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """An empty ledger, to be told of sign-ups."""
    made = Desk(store)
    yield made
    made.close()
