"""A small fuzzer: spoils valid inputs and asks whether a decoder takes only what is valid."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from protocol.errors import ProtocolError

INTERESTING = (
    b"null", b"[]", b"{}", b"0", b"-1", b"1e9", b"9007199254740993", b'""', b'"\\u0000"', b"true",
    b",", b"[[[[", b'"', b"\xff", b"\xd9\xa7", b"\n", b"99999999999999999999", b'["t",[1],"11"]',
)  # fmt: skip


def first_fault(
    decode: Callable[[Any], Any],
    again: Callable[[Any], Any],
    inputs: Iterator[Any],
    valid: Callable[[Any], bool] = lambda value: True,
) -> str:
    """What is wrong with the decoder; "" when nothing was found.

    It may raise ProtocolError and nothing else. What it takes must be `valid`, and must mean
    the same when it is said `again` as raw input.
    """
    for raw in inputs:
        try:
            value = decode(raw)
        except ProtocolError:
            continue
        except Exception as error:  # noqa: BLE001 (any other error is the finding)
            return f"{type(error).__name__} for {raw!r}"
        if not valid(value):
            return f"took {raw!r} as {value!r}, which is not valid"
        if not _says_itself_again(value, decode, again):
            return f"took {raw!r} as {value!r}, which does not say itself again"
    return ""


def _says_itself_again(
    value: Any, decode: Callable[[Any], Any], again: Callable[[Any], Any]
) -> bool:
    try:
        return bool(decode(again(value)) == value)
    except ProtocolError:
        return False


def spoilt(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """The seeds with some bytes changed, cut, doubled or grafted from another; a few untouched."""
    choose = random.Random(seed)
    for number in range(count):
        data = bytearray(choose.choice(seeds))
        for _ in range(choose.choice((1, 1, 1, 2, 3, 8)) if number % 50 else 0):
            _spoil(data, choose.randrange(len(data) + 1), choose, seeds)
        yield bytes(data)


def _spoil(data: bytearray, at: int, choose: random.Random, seeds: list[bytes]) -> None:
    way = choose.randrange(7)
    if way == 0 and at < len(data):
        data[at] = choose.randrange(256)
    elif way == 1 and at < len(data):
        data[at] ^= 1 << choose.randrange(8)
    elif way == 2:
        del data[at : at + choose.choice((1, 1, 2, 9, 99))]
    elif way == 3:
        data[at:at] = choose.choice(INTERESTING)
    elif way == 4:
        data[at : at + choose.randrange(1, 5)] = choose.choice(INTERESTING)
    elif way == 5:
        data[at:at] = data[at : at + choose.randrange(1, 30)]
    else:
        other = choose.choice(seeds)
        start = choose.randrange(len(other) + 1)
        data[at : at + 12] = other[start : start + choose.randrange(1, 40)]
