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
    proved_to: int | None
    """Last row that the unit which spoke last and the ledger are known to have in common."""
    proved: bytes | None


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
            str(line.epoch): _stored(line, count[line.epoch], listed.get(line.epoch, []))
            for line in epochs
        }
    )


def _stored(line: EpochLine, count: int, rejected: list[Rejected]) -> Stored:
    # Said only where the watermark is further on: that may be another history's.
    proved_to = line.proved_to if (line.proved_to or 0) < line.stored_to else None
    return Stored(
        stored_to=line.stored_to,
        digest=line.digest.hex(),
        fork_at=line.fork_at,
        proved_to=proved_to or 0,
        proved=(line.proved or b"").hex() if proved_to else "",
        rejected_count=count,
        rejected=tuple(rejected[-SHOWN:]),
    )
