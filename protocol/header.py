"""What a batch says of itself, inside its payload and beside it. Knows no row."""

import re
from collections.abc import Sequence
from typing import Annotated, Final, NamedTuple

import msgspec

from .errors import ProtocolError
from .event import MAX_NUMBER, Digest, Positive, whole
from .messages import MAX_RANGE, Message
from .topics import UNIT_ID

CONTENT_TYPE: Final = "application/vnd.escale.batch"
"""MQTT content type of a batch."""

_NAME = r"[a-z0-9_-]{1,64}"
_ROWS = re.compile(rf"({_NAME}) ([1-9][0-9]{{0,15}}) ([1-9][0-9]{{0,15}})-([1-9][0-9]{{0,15}})")

JournalName = Annotated[str, whole(_NAME)]


class Header(Message, frozen=True, kw_only=True):
    """The first thing in a payload; fields of a newer unit are ignored."""

    unit: Annotated[str, whole(UNIT_ID.pattern)]
    journal: JournalName
    epoch: Positive
    first: Positive
    """Seq of the first row."""
    last: Positive
    """Seq of the last row: there are `last - first + 1` of them."""
    previous: Digest
    """Hex digest of the row before `first` (NO_DIGEST before row 1); "": that row is lost."""
    version: Annotated[str, msgspec.Meta(max_length=64)] = ""
    """Of the unit's software."""


class Range(NamedTuple):
    """The rows a batch claims to hold, for when its payload cannot be read."""

    journal: str
    epoch: int
    first: int
    last: int


def properties(header: Header) -> list[tuple[str, str]]:
    """The MQTT user properties of a batch: one, `rows`."""
    return [("rows", f"{header.journal} {header.epoch} {header.first}-{header.last}")]


def parse_properties(pairs: Sequence[tuple[str, str]]) -> Range:
    """The inverse of `properties`; other properties are ignored.

    Raises ProtocolError when there is no such property, or for a range beyond MAX_RANGE.
    """
    told = [value for name, value in pairs if name == "rows"]
    match = _ROWS.fullmatch(told[0]) if len(told) == 1 else None
    if match is None:
        raise ProtocolError("a batch does not tell its rows in one readable property")
    claimed = Range(match[1], int(match[2]), int(match[3]), int(match[4]))
    if not claimed.first <= claimed.last < claimed.first + MAX_RANGE:
        raise ProtocolError(f"a batch claims rows {claimed.first} to {claimed.last} at once")
    if max(claimed.epoch, claimed.last) > MAX_NUMBER:
        raise ProtocolError(f"a batch claims row {claimed.last} of epoch {claimed.epoch}")
    return claimed
