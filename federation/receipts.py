"""Builds what a unit is told about its journals: the whole state, each time. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from protocol.messages import Receipt, Rejected, Stored

SHOWN = 20
"""Rejected ranges that a receipt lists."""


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
    listed: dict[int, list[Rejected]] = {}
    for line in rejected:
        item = Rejected(first=line.first, last=line.last, reason=line.reason)
        listed.setdefault(line.epoch, []).append(item)
    return Receipt(
        epochs={
            str(line.epoch): Stored(
                stored_to=line.stored_to,
                digest=line.digest.hex(),
                fork_at=line.fork_at,
                rejected_count=len(listed.get(line.epoch, ())),
                rejected=tuple(listed.get(line.epoch, ())[-SHOWN:]),
            )
            for line in epochs
        }
    )
