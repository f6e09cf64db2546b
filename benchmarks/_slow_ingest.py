"""Ingest whose every commit takes 50 ms longer, as on a database far away or a slow disk."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from federation import cli
from federation.ledger import Ledger

DELAY = 0.05
_quick = Ledger.transaction


@contextmanager
def _slow(ledger: Ledger) -> Iterator[None]:
    with _quick(ledger):
        yield
        time.sleep(DELAY)


Ledger.transaction = _slow  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(cli.main())
