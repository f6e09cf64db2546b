"""A ledger in a temporary folder, with ingest around it; the authority of all vans."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.ledger import Ledger
from federation.twins.queue import Queue
from tests.trusted import Trusted

from .bench import Bench, ingest_on
from .van import TRUSTED


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Ingest between a queue in memory and a real ledger."""
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    queue = Queue()
    received = iter(range(1_700_000_000_000, 1_800_000_000_000, 1000))
    ingest = ingest_on(ledger, queue, tmp_path, lambda: next(received))
    yield Bench(ledger, queue, ingest, tmp_path)
    ledger.close()


@pytest.fixture
def trusted() -> Trusted:
    """The vans' authority: the broker believes it."""
    return TRUSTED
