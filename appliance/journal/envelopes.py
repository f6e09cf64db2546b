"""Which envelope is a row's: the one whose digest its body tells of. Pure; opens none of them.

An envelope may be gone (erased after its receipt) and the row is whole without it; one that is
there and is another's is damage, and is told to nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from protocol import sealing
from protocol.row import Row

from .stored import Told

_MARK = b'"sealed":"'


class _Body(msgspec.Struct):
    sealed: str = ""


_decoder = msgspec.json.Decoder(_Body)


def told_of(body: object) -> str:
    """The digest of the envelope that a body tells of; empty when it tells of none."""
    # Looking for the mark is quick, and enough for nearly every body.
    if not isinstance(body, bytes) or _MARK not in body:
        return ""
    try:
        return _decoder.decode(body).sealed
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def belongs(body: object, envelope: object) -> bool:
    """Whether the envelope is the one that the body tells of."""
    return isinstance(envelope, bytes) and sealing.digest(envelope) == told_of(body)


def may_belong(rows: Sequence[Told]) -> bool:
    """Whether to look for envelopes at all: nearly always there are none."""
    return any(isinstance(row, Row) and _MARK in row.body for row in rows)


def given(rows: Sequence[Told], found: Mapping[int, Any]) -> list[Told]:
    """The rows, each with its envelope; `found`: envelopes by seq."""
    return [
        row._replace(envelope=found[row.seq])
        if isinstance(row, Row) and row.seq in found and belongs(row.body, found[row.seq])
        else row
        for row in rows
    ]


def are_right(rows: Sequence[Told]) -> bool:
    """Whether each envelope there is is its row's own."""
    return all(
        not isinstance(row, Row) or row.envelope is None or belongs(row.body, row.envelope)
        for row in rows
    )


def strays(rows: Sequence[Told], found: Mapping[int, Any]) -> list[int]:
    """Seqs whose envelope is another's."""
    bodies = {row.seq: row.body for row in rows if isinstance(row, Row)}
    return [seq for seq, envelope in found.items() if not belongs(bodies.get(seq), envelope)]
