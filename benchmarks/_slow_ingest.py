"""Ingest whose every commit takes 50 ms longer, as on a database far away or a slow disk.

It takes 20 messages at a time, so that waiting for commits is most of its work: with 200 the two
processors of a small machine are what it waits for, however many workers there are.

The tables for reading wait until there is time for them: what is measured is how facts come in.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from federation import cli
from federation.ledger import Ledger
from federation.mqtt import MqttSource
from federation.projections.projector import Projector
from federation.source import Delivery

DELAY = 0.05
_quick = Ledger.transaction


@contextmanager
def _slow(ledger: Ledger) -> Iterator[None]:
    with _quick(ledger):
        yield
        time.sleep(DELAY)


def _later(_projector: Projector, _now: float, *, budget: float) -> bool:
    return budget < 0


class _Few(MqttSource):
    """Gives no more than 20 together."""

    _left: Sequence[Delivery] = ()

    def receive(self, now: float) -> Sequence[Delivery]:
        waiting = self._left or super().receive(now)
        group, self._left = waiting[:20], waiting[20:]
        return group


cli.MqttSource = _Few  # type: ignore[misc]
Ledger.transaction = _slow  # type: ignore[method-assign]
Projector.step = _later  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(cli.main())
