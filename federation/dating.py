"""What a clock.set says of its boot. Pure; the ledger's view applies it to every event."""

from typing import NamedTuple

import msgspec

from protocol.events import decode_body
from protocol.row import Row
from protocol.unit import ClockSet

FARTHEST = 2**53
"""Milliseconds: no time is beyond it, whatever a body says."""


class Anchor(NamedTuple):
    """A moment of a boot whose utc is known; the latest moment of a boot wins."""

    boot_id: str
    boottime: int
    utc: int
    source: str
    error: int


def anchor(row: Row) -> Anchor | None:
    """The anchor that this row sets, if it is a clock.set that can be read."""
    if row.type != ClockSet.TYPE:
        return None
    try:
        said = decode_body(row.type, row.body)
    except msgspec.DecodeError:
        return None
    if not isinstance(said, ClockSet) or max(abs(said.utc), said.boottime, said.error) > FARTHEST:
        return None
    return Anchor(said.boot_id, said.boottime, said.utc, said.source, said.error)
