"""Packs the values of one column so that they compress well. Knows no row, no event, no batch.

A column is written in one of four ways:

- a table of its distinct values, and one letter per value (`Table`; no letters: all are alike);
- the steps from each whole number to the next (`Numbers`);
- two columns, for values that are all pairs of whole numbers (`Pairs`: keys of events);
- the values as they are (`Plain`).
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, repeat
from typing import Any, Final

import msgspec

from .errors import ProtocolError

MAX_NUMBER: Final = 2**53
"""Whole numbers beyond it are never written as steps."""

_PRINTABLE = "".join(chr(code) for code in range(32, 127) if chr(code) not in '"\\')
LETTERS: Final = _PRINTABLE[16:] + _PRINTABLE[:16] + "".join(map(chr, range(0x100, 0x4F0)))
"""One character per entry of a table, those that cost one byte first."""


class Table(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    """Distinct values, and which of them stands where."""

    values: list[Any]
    letters: str = ""


class Numbers(msgspec.Struct, frozen=True, array_like=True, tag="n"):
    """Whole numbers, each as its step from the one before (from 0 for the first)."""

    steps: list[int]


class Plain(msgspec.Struct, frozen=True, array_like=True, tag="v"):
    """The values as they are."""

    values: list[Any]


class Pairs(msgspec.Struct, frozen=True, array_like=True, tag="p"):
    """Pairs of whole numbers, as two columns."""

    left: Table | Numbers | Plain
    right: Table | Numbers | Plain


Column = Table | Numbers | Pairs | Plain

_encode = msgspec.json.Encoder().encode


def pack(values: Sequence[Any]) -> Column:
    """The shorter way to write decoded JSON values (1 to 1000 of them)."""
    kinds = set(map(type, values))
    if kinds == {int}:
        return _pack_numbers(values)
    if kinds == {str}:
        return _table(values) or Plain(list(values))
    if kinds == {list} and all(map(_is_pair, values)):
        left, right = zip(*values, strict=True)
        return Pairs(_pack_numbers(left), _pack_numbers(right))
    # Told apart by their JSON, for Python calls 1, 1.0 and True alike, and cannot hash a list.
    table = _table([_encode(value) for value in values])
    if table is None:
        return Plain(list(values))
    return Table([msgspec.Raw(value) for value in table.values], table.letters)


def unpack(column: Column, count: int) -> Iterator[Any]:
    """The values again. Raises ProtocolError when there are not exactly `count`."""
    if isinstance(column, Table):
        return _unpack_table(column, count)
    if isinstance(column, Numbers):
        return iter(_summed(column.steps, count))
    if isinstance(column, Pairs):
        return zip(unpack(column.left, count), unpack(column.right, count), strict=True)
    return iter(_counted(column.values, count))


def _is_pair(value: list[Any]) -> bool:
    return len(value) == 2 and type(value[0]) is int and type(value[1]) is int


def _pack_numbers(values: Sequence[int]) -> Table | Numbers | Plain:
    table = _table(values)
    if table is not None:
        return table
    if not -MAX_NUMBER <= min(values) <= max(values) <= MAX_NUMBER:
        return Plain(list(values))
    return Numbers([values[0], *(after - before for before, after in pairwise(values))])


def _table(values: Sequence[Any]) -> Table | None:
    """A table, where it is worth one; its values must be told apart by Python's equality."""
    letter = dict(zip(dict.fromkeys(values), LETTERS, strict=False))
    if len(letter) == 1:
        return Table(list(letter))
    if 2 * len(letter) > len(values):
        return None
    return Table(list(letter), "".join([letter[value] for value in values]))


def _unpack_table(column: Table, count: int) -> Iterator[Any]:
    if len(column.values) == 1 and not column.letters:
        return repeat(column.values[0], count)
    value = dict(zip(LETTERS, column.values, strict=False))
    try:
        return iter([value[letter] for letter in _counted(column.letters, count)])
    except KeyError as error:
        raise ProtocolError(f"a table has no entry {error}") from error


def _summed(steps: list[int], count: int) -> list[int]:
    numbers = list(accumulate(_counted(steps, count)))
    if numbers and not -MAX_NUMBER <= min(numbers) <= max(numbers) <= MAX_NUMBER:
        raise ProtocolError("a number is out of range")
    return numbers


def _counted(values: Any, count: int) -> Any:
    if len(values) != count:
        raise ProtocolError(f"a column holds {len(values)} values instead of {count}")
    return values
