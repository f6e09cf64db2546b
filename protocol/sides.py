"""What rows hold beside type and body, as columns: boot, times, source, origin. Knows no chain."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final, NamedTuple

import msgspec

from .columns import Column, pack, unpack
from .errors import ProtocolError, Unsendable
from .event import Key, Number, Positive, Signed
from .row import Row

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
    list[Signed | None],
    list[_Word],
    list[Number],
    list[_Pair | None],
)
"""One per field of Side."""


def pack_sides(rows: Sequence[Row]) -> list[Column]:
    """One column per field of Side, for at least one row. Raises Unsendable."""
    seqs, _, _, boot_ids, boottimes, utcs, sources, errors, _, origins = zip(*rows, strict=True)
    sides = (
        boot_ids,
        boottimes,
        [None if utc is None else utc - at for utc, at in zip(utcs, boottimes, strict=True)],
        sources,
        errors,
        [origin and [origin.epoch, origin.seq] for origin in origins],
    )
    for name, values, kind in zip(Side._fields, sides, _KINDS, strict=True):
        _check(seqs, name, values, kind)
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


def _check(seqs: Sequence[int], name: str, values: Sequence[Any], kind: Any) -> None:
    try:
        msgspec.convert(values, kind)
    except msgspec.ValidationError:
        for seq, value in zip(seqs, values, strict=True):
            try:
                msgspec.convert([value], kind)
            except msgspec.ValidationError as error:
                raise Unsendable(seq, f"its {name}: {error}") from error
