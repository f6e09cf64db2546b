"""Builds what a unit is told about its journals: the whole state, each time. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from protocol.messages import Receipt, Rejected, Stored

SHOWN = 20
"""Rejected ranges that a receipt lists of one epoch."""
SHOWN_IN_ALL = 200
"""Of all epochs together: a receipt too large for the broker would never arrive."""


class EpochLine(NamedTuple):
    """One epoch as the ledger has it."""

    epoch: int
    stored_to: int
    digest: bytes
    """Of the row at stored_to; empty where it is not known."""
    fork_at: int | None


class RejectedLine(NamedTuple):
    """A range that is kept as bytes."""

    epoch: int
    first: int
    last: int
    reason: str


def build(epochs: Iterable[EpochLine], rejected: Iterable[RejectedLine]) -> Receipt:
    """The receipt of one unit. `rejected` comes oldest first; each epoch shows its last 20."""
    lines = list(rejected)
    count = Counter(line.epoch for line in lines)
    listed: dict[int, list[Rejected]] = {}
    for line in lines[-SHOWN_IN_ALL:]:
        item = Rejected(first=line.first, last=line.last, reason=line.reason)
        listed.setdefault(line.epoch, []).append(item)
    return Receipt(
        epochs={
            str(line.epoch): Stored(
                stored_to=line.stored_to,
                digest=line.digest.hex(),
                fork_at=line.fork_at,
                rejected_count=count[line.epoch],
                rejected=tuple(listed.get(line.epoch, ())[-SHOWN:]),
            )
            for line in epochs
        }
    )
