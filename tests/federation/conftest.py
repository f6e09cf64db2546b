"""A ledger in a temporary folder, with ingest around it; the authority of all vans."""

from collections.abc import Iterator

import pytest

from federation.config import Store
from federation.ledger import Ledger
from federation.twins.queue import Queue
from tests.trusted import Trusted

from .bench import Bench, ingest_on
from .stores import server, store
from .van import TRUSTED

__all__ = ["bench", "server", "store", "trusted"]


@pytest.fixture
def bench(store: Store) -> Iterator[Bench]:
    """Ingest between a queue in memory and a real ledger."""
    ledger = Ledger.open(store)
    queue = Queue()
    received = iter(range(1_700_000_000_000, 1_800_000_000_000, 1000))
    ingest = ingest_on(ledger, queue, store, lambda: next(received))
    yield Bench(ledger, queue, ingest, store)
    ledger.close()


@pytest.fixture
def trusted() -> Trusted:
    """The vans' authority: the broker believes it."""
    return TRUSTED
