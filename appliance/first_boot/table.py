"""The partition table in a card's first sector, as bytes in and bytes out. Opens nothing. Pure.

All that changes at a first boot, the card's own number and the end of its last partition, lies in
this one sector: it is written in one piece, so that a cut leaves the table before or the one after.
"""

import struct
from typing import Final, NamedTuple

from ..errors import OperatorError

SECTOR: Final = 512
LAST: Final = 4
"""The partition that everything writable is on."""
ALIGNED: Final = 2048
"""Sectors: partitions begin and end at whole MiB."""
TAIL: Final = 2048
"""Sectors left free at the end: a card copied onto one that is a little smaller still fits."""
_NUMBER, _ENTRIES, _MARK = 440, 446, 510
_ENTRY: Final = struct.Struct("<B3sB3sII")
_MOST: Final = 2**32 - 1


class Partition(NamedTuple):
    """Where it lies, in sectors of 512 bytes."""

    start: int
    size: int


class Table(NamedTuple):
    """What is of interest in it."""

    number: int
    """Of the disk: the boot loader and the initramfs know their root by it."""
    partitions: tuple[Partition, ...]
    """1 to 4; size 0: none."""


def read(sector: bytes) -> Table:
    """Raises OperatorError: this is no table of ours."""
    if len(sector) != SECTOR or sector[_MARK:] != b"\x55\xaa":
        raise OperatorError("the card has no partition table: write the image onto it again.")
    entries = [_entry(sector, number) for number in range(1, LAST + 1)]
    if any(kind == 0xEE for _, _, kind, _, _, _ in entries):
        raise OperatorError("the card has a GPT, not our table: write the image onto it again.")
    (disk,) = struct.unpack_from("<I", sector, _NUMBER)
    return Table(disk, tuple(Partition(start, size) for *_, start, size in entries))


def to_the_end(partition: Partition, sectors: int) -> int:
    """The size that fills a disk of so many sectors; never less than it has."""
    end = (min(sectors, _MOST) - TAIL) // ALIGNED * ALIGNED
    return max(partition.size, end - partition.start)


def changed(sector: bytes, *, number: int, size: int) -> bytes:
    """The same table with this number, and this size of the last partition."""
    status, first, kind, last, start, _ = _entry(sector, LAST)
    made = bytearray(sector)
    struct.pack_into("<I", made, _NUMBER, number)
    at = _ENTRIES + (LAST - 1) * _ENTRY.size
    _ENTRY.pack_into(made, at, status, first, kind, last, start, size)
    return bytes(made)


def _entry(sector: bytes, number: int) -> tuple[int, bytes, int, bytes, int, int]:
    return _ENTRY.unpack_from(sector, _ENTRIES + (number - 1) * _ENTRY.size)
