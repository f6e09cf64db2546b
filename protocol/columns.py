"""Packs the values of one column so that they compress well. Knows no row, no event, no batch.

A column is written in one of four ways:

- a table of its distinct values, and one letter per value (`Table`; no letters: all are alike);
- the steps from each whole number to the next (`Steps`);
- two columns, for values that are all pairs of whole numbers (`Pairs`: keys of events);
- the values as they are (`Plain`).
"""

import string
from collections.abc import Iterator, Sequence
from itertools import accumulate, repeat
from operator import sub
from typing import Any, Final

import msgspec

from .errors import ProtocolError
from .event import MAX_NUMBER

_FIRST = string.digits + string.ascii_letters
_REST = (chr(code) for code in (*range(32, 127), *range(0x100, 0x3000)))
LETTERS: Final = _FIRST + "".join(char for char in _REST if char not in _FIRST + '"\\')
"""What tables are numbered with; digits first, for they compress with the numbers around them."""


class Table(msgspec.Struct, frozen=True, array_like=True, tag="t"):
    """Distinct values, and which of them stands where."""

    values: list[Any]
    letters: str = ""


class Steps(msgspec.Struct, frozen=True, array_like=True, tag="s"):
    """Whole numbers, each as its step from the one before (from 0 for the first)."""

    steps: list[int]


class Plain(msgspec.Struct, frozen=True, array_like=True, tag="v"):
    """The values as they are."""

    values: list[Any]


class Pairs(msgspec.Struct, frozen=True, array_like=True, tag="p"):
    """Pairs of whole numbers, as two columns."""

    left: Table | Steps | Plain
    right: Table | Steps | Plain


Column = Table | Steps | Plain | Pairs

_LISTS: Final = ({list}, {tuple})
_encode = msgspec.json.Encoder().encode


def pack(values: Sequence[Any]) -> Column:
    """The shorter way to write decoded JSON values (1 to 1000 of them)."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return _table(values) or Plain(list(values))
    if kinds == {int}:
        return _table(values) or _steps(values)
    if kinds in _LISTS and set(map(len, values)) == {2}:
        left, right = zip(*values, strict=True)
        if set(map(type, left)) == set(map(type, right)) == {int}:
            return Pairs(_table(left) or _steps(left), _table(right) or _steps(right))
    # Told apart by their JSON, for Python calls 1, 1.0 and True alike, and cannot hash a list.
    table = _table([_encode(value) for value in values])
    if table is None:
        return Plain(list(values))
    return Table([msgspec.Raw(value) for value in table.values], table.letters)


def unpack(column: Column, count: int) -> Iterator[Any]:
    """The values again. Raises ProtocolError when there are not exactly `count`."""
    if isinstance(column, Table):
        return _from_table(column, count)
    if isinstance(column, Steps):
        return iter(_from_steps(_counted(column.steps, count)))
    if isinstance(column, Pairs):
        return zip(unpack(column.left, count), unpack(column.right, count), strict=True)
    return iter(_counted(column.values, count))


def _table(values: Sequence[Any]) -> Table | None:
    """A table, where it is worth one; Python's equality must tell the values apart."""
    distinct = dict.fromkeys(values)
    if len(distinct) == 1:
        return Table(list(distinct))
    if 2 * len(distinct) > len(values):
        return None
    letter = dict(zip(distinct, LETTERS, strict=False))
    return Table(list(distinct), "".join(map(letter.__getitem__, values)))


def _steps(values: Sequence[int]) -> Steps | Plain:
    if not -MAX_NUMBER <= min(values) <= max(values) <= MAX_NUMBER:
        return Plain(list(values))
    return Steps([values[0], *map(sub, values[1:], values)])


def _from_table(table: Table, count: int) -> Iterator[Any]:
    if len(table.values) == 1 and not table.letters:
        return repeat(table.values[0], count)
    value = dict(zip(LETTERS, table.values, strict=False))
    try:
        return iter([value[letter] for letter in _counted(table.letters, count)])
    except KeyError as error:
        raise ProtocolError(f"a table has no entry {error}") from error


def _from_steps(steps: list[int]) -> list[int]:
    numbers = list(accumulate(steps))
    if numbers and not -MAX_NUMBER <= min(numbers) <= max(numbers) <= MAX_NUMBER:
        raise ProtocolError("a number is out of range")
    return numbers


def _counted(values: Any, count: int) -> Any:
    if len(values) != count:
        raise ProtocolError(f"a column holds {len(values)} values instead of {count}")
    return values
