"""What rows hold beside type and body, as columns: boot, times, source, origin. Knows no chain."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final, NamedTuple

import msgspec

from .columns import MAX_NUMBER, Column, pack, unpack
from .errors import ProtocolError, Unsendable
from .event import Key
from .row import Row

Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_NUMBER)]
Positive = Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
_Offset = Annotated[int, msgspec.Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]
_Word = Annotated[str, msgspec.Meta(max_length=80)]
_Pair = tuple[Positive, Positive]


class Side(NamedTuple):
    """Of one row."""

    boot_id: str
    boottime: int
    offset: int | None
    """utc - boottime: it stays the same as long as the clock is known in the same way."""
    source: str
    error: int
    origin: tuple[int, int] | None


_KINDS: Final[tuple[Any, ...]] = (
    list[_Word],
    list[Number],
    list[_Offset | None],
    list[_Word],
    list[Number],
    list[_Pair | None],
)
"""One per field of Side."""


def pack_sides(rows: Sequence[Row]) -> list[Column]:
    """One column per field of Side, for at least one row. Raises Unsendable."""
    sides: list[list[Any]] = [
        [row.boot_id for row in rows],
        [row.boottime for row in rows],
        [None if row.utc is None else row.utc - row.boottime for row in rows],
        [row.source for row in rows],
        [row.error for row in rows],
        [row.origin and [row.origin.epoch, row.origin.seq] for row in rows],
    ]
    for name, values, kind in zip(Side._fields, sides, _KINDS, strict=True):
        _check(rows, name, values, kind)
    return [pack(values) for values in sides]


def unpack_sides(columns: Sequence[Column], count: int) -> Iterator[Side]:
    """The side of each of `count` rows. Raises ProtocolError; columns of a newer unit are left."""
    if len(columns) < len(_KINDS):
        raise ProtocolError("a batch does not tell all that its rows hold beside their bodies")
    try:
        sides = [
            msgspec.convert(list(unpack(column, count)), kind)
            for column, kind in zip(columns, _KINDS, strict=False)
        ]
    except msgspec.ValidationError as error:
        raise ProtocolError(f"not a batch: {error}") from error
    return map(Side, *sides)


def key(origin: tuple[int, int] | None) -> Key | None:
    """An origin as the key it is."""
    return None if origin is None else Key(*origin)


def _check(rows: Sequence[Row], name: str, values: list[Any], kind: Any) -> None:
    try:
        msgspec.convert(values, kind)
    except msgspec.ValidationError:
        for row, value in zip(rows, values, strict=True):
            try:
                msgspec.convert([value], kind)
            except msgspec.ValidationError as error:
                raise Unsendable(row.seq, f"{name}: {error}") from error
