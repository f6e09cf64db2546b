"""A ledger in a temporary folder, with ingest around it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from federation.ingest import Ingest
from federation.ledger import Ledger
from federation.twins.queue import Queue

from .bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Ingest between a queue in memory and a real ledger."""
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    queue = Queue()
    received = iter(range(1_700_000_000_000, 1_800_000_000_000, 1000))
    ingest = Ingest(ledger, queue, tmp_path / "web.sqlite", utc=lambda: next(received))
    yield Bench(ledger, queue, ingest, tmp_path)
    ledger.close()
