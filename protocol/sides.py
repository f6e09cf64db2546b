"""What rows hold beside type and body, as columns: boot, times, source, origin. Knows no chain."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Final

import msgspec

from .columns import Column, Table, pack, unpack
from .errors import ProtocolError, Unsendable
from .event import Key, Number, Positive, Signed
from .row import Row

_Word = Annotated[str, msgspec.Meta(max_length=80)]
_Pair = tuple[Positive, Positive]


Side = tuple[str, int, int | None, str, int, tuple[int, int] | None]
"""Of one row: boot_id, boottime, utc - boottime, source, error, origin.

utc travels less boottime, for that stays the same while the clock is known in the same way.
"""
_KINDS: Final[dict[str, Any]] = {
    "boot_id": list[_Word],
    "boottime": list[Number],
    "offset": list[Signed | None],
    "source": list[_Word],
    "error": list[Number],
    "origin": list[_Pair | None],
}


def pack_sides(rows: Sequence[Row]) -> list[Column]:
    """One column per field of Side, for at least one row. Raises Unsendable."""
    seqs, _, _, boot_ids, boottimes, utcs, sources, errors, _, origins, _ = zip(*rows, strict=True)
    sides = (
        boot_ids,
        boottimes,
        [None if utc is None else utc - at for utc, at in zip(utcs, boottimes, strict=True)],
        sources,
        errors,
        [origin and (origin.epoch, origin.seq) for origin in origins],
    )
    return [
        _packed(seqs, name, values, kind)
        for (name, kind), values in zip(_KINDS.items(), sides, strict=True)
    ]


def unpack_sides(columns: Sequence[Column], count: int) -> Iterator[Side]:
    """The side of each of `count` rows. Raises ProtocolError; columns of a newer unit are left."""
    if len(columns) < len(_KINDS):
        raise ProtocolError("a batch does not tell all that its rows hold beside their bodies")
    try:
        sides: list[list[Any]] = [
            msgspec.convert(list(unpack(column, count)), kind)
            for column, kind in zip(columns, _KINDS.values(), strict=False)
        ]
    except msgspec.ValidationError as error:
        raise ProtocolError(f"not a batch: {error}") from error
    return zip(*sides, strict=True)


def key(origin: tuple[int, int] | None) -> Key | None:
    """An origin as the key it is."""
    return None if origin is None else Key(*origin)


def _packed(seqs: Sequence[int], name: str, values: Sequence[Any], kind: Any) -> Column:
    alike = values.count(values[0]) == len(values)  # as most are: a shorter way for those
    try:
        msgspec.convert([values[0]] if alike else values, kind)
    except msgspec.ValidationError as error:
        raise Unsendable(_culprit(seqs, values, kind), f"its {name}: {error}") from error
    return Table([values[0]]) if alike else pack(values)


def _culprit(seqs: Sequence[int], values: Sequence[Any], kind: Any) -> int:
    for seq, value in zip(seqs, values, strict=True):
        try:
            msgspec.convert([value], kind)
        except msgspec.ValidationError:
            return seq
    raise AssertionError("none of the values is to blame")
