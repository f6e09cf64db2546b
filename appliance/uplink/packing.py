"""Rows into a message that may leave: small enough, corrected in time, no row in the way.

Pure but for the codec. Whatever can never go gives its place to a tombstone.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from protocol import batch, signing
from protocol.batch import Header
from protocol.errors import TooLarge, Unsendable
from protocol.messages import MAX_BATCH
from protocol.row import NO_DIGEST, Row, Tombstone

from ..clock import Anchor, utc_at

Told = Row | Tombstone
LOST, DAMAGED = "lost", "damaged"
"""Why a row goes as a tombstone: nothing is left of it, or its chain is broken."""


class Grave(NamedTuple):
    """A row that goes as a tombstone, and why."""

    row: Tombstone
    reason: str


class Packed(NamedTuple):
    """One batch ready to be published."""

    header: Header
    payload: bytes
    """Not signed yet: its size leaves room for that."""
    digest: bytes
    """Of the last row: what an honest receipt for it says."""
    graves: list[Grave]


class HeldBack(Exception):
    """The broker takes less than the protocol allows: its operator must mend that."""

    def __init__(self, seq: int, size: int, largest: int) -> None:
        super().__init__(
            f"row {seq} makes a message of {size} bytes and the broker takes {largest}: "
            "raise max_packet_size there"
        )


def pack(
    rows: Sequence[Told],
    previous: bytes | None,
    header_of: Callable[[int, int, str], Header],
    largest: int = MAX_BATCH,
) -> Packed:
    """As many of the dense rows, from the first on, as one message carries.

    `previous`: digest of the row before them, None when it is lost; `header_of(first, last,
    previous in hex)`. Raises HeldBack when not even one fits a broker that takes `largest`.
    The signature counts in every size.
    """
    rows, graves = list(rows), _found_dead(rows)
    if previous == NO_DIGEST and rows[0].seq > 1:
        previous = None
    before = "" if previous is None else previous.hex()
    count = len(rows)
    while True:
        header = header_of(rows[0].seq, rows[count - 1].seq, before)
        try:
            payload = batch.encode(header, rows[:count])
            size = len(payload) + signing.OVERHEAD
        except Unsendable as error:
            graves.append(_bury(rows, error.seq, str(error)))
            continue
        except TooLarge:
            payload, size = b"", MAX_BATCH + 1
        if size <= min(largest, MAX_BATCH):
            kept = [grave for grave in graves if grave.row.seq <= header.last]
            return Packed(header, payload, rows[count - 1].digest, kept)
        if count > 1:
            count //= 2
        elif size > MAX_BATCH:
            graves.append(_bury(rows, rows[0].seq, f"makes a message over {MAX_BATCH} bytes"))
        else:
            raise HeldBack(rows[0].seq, size, largest)


def dated(rows: Sequence[Told], anchor_of: Callable[[str], Anchor | None]) -> Sequence[Told]:
    """The rows with their time as it is known now, whenever they were written."""
    boots = {row.boot_id for row in rows if type(row) is Row}
    anchors = {boot: anchor for boot in boots if (anchor := anchor_of(boot)) is not None}
    if not anchors:
        return rows
    return [_dated(row, anchors.get(row.boot_id)) if type(row) is Row else row for row in rows]


def _dated(row: Row, anchor: Anchor | None) -> Row:
    if anchor is None:
        return row
    utc = utc_at(anchor, row.boottime)
    if utc == row.utc and anchor.source == row.source and anchor.error == row.error:
        return row
    return row._replace(utc=utc, source=anchor.source, error=anchor.error)


def _found_dead(rows: Sequence[Told]) -> list[Grave]:
    """A tombstone without a size and with its digest was purged in good order: no news."""
    graves = [row for row in rows if type(row) is Tombstone]
    return [
        Grave(row, LOST if row.digest == NO_DIGEST else DAMAGED)
        for row in graves
        if row.digest == NO_DIGEST or row.size
    ]


def _bury(rows: list[Told], seq: int, reason: str) -> Grave:
    place = seq - rows[0].seq
    row = rows[place]
    size = len(row.body) if isinstance(row, Row) else row.size
    rows[place] = tombstone = Tombstone(seq, row.type[:64], size, row.digest)
    return Grave(tombstone, reason)
