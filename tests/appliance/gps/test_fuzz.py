"""Any bytes at all: the reader never raises, and believes nothing that no receiver said."""

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import reduce
from operator import xor

import pytest

from appliance.gps import reader as reader_module
from appliance.gps.fix import Fix
from appliance.gps.reader import Reader
from appliance.gps.sentence import Framer

from .lines import gga, log, rmc

SEEDS = [log("ublox-8")[:6000], log("quectel-eg25-g")[:6000], log("iTrek"), rmc() + gga()]
PLAIN = re.compile(rb"\$([^$*]*)\*([0-9A-Fa-f]{2})")


def inputs(count: int, seed: int) -> Iterator[bytes]:
    """Random bytes, random sentences, and real bytes that were mistreated."""
    chance = random.Random(seed)
    alphabet = b"$*,.0123456789ABCDEFGNRMCVW\r\n\x00\xff"
    for index in range(count):
        if index % 3 == 0:
            yield chance.randbytes(chance.randint(0, 120))
        elif index % 3 == 1:
            yield bytes(chance.choices(alphabet, k=chance.randint(0, 160)))
        else:
            source = chance.choice(SEEDS)
            start = chance.randrange(len(source))
            piece = bytearray(source[start : start + chance.randint(1, 300)])
            for _ in range(chance.randint(1, 6)):
                piece[chance.randrange(len(piece))] = chance.randrange(256)
            yield bytes(piece)


def is_sound(fix: Fix) -> bool:
    """Whether every value is one that can be."""
    placed = fix.lat is not None and fix.lon is not None
    return (
        (placed or (fix.lat is None and fix.lon is None and fix.speed is None))
        and (fix.mode >= 2) == placed
        and fix.mode in (1, 2, 3)
        and (fix.lat is None or -90 <= fix.lat <= 90)
        and (fix.lon is None or -180 <= fix.lon <= 180)
        and (fix.speed is None or 0 <= fix.speed <= 300)
        and (fix.course is None or 0 <= fix.course <= 360)
        and (fix.hdop is None or 0 < fix.hdop < 99)
        and (fix.satellites is None or 0 <= fix.satellites <= 999)
        and (fix.time is None or datetime(1980, 1, 1, tzinfo=UTC) <= fix.time)
    )


def fuzz(count: int, seed: int) -> None:
    reader = Reader()
    for data in inputs(count, seed):
        for fix in reader.push(data):
            assert is_sound(fix), fix
        if not data:
            reader.flush()


def unchecked(data: bytes) -> int:
    """How many sentences are taken that have no right checksum in the bytes they came from."""
    taken = Framer().push(data)
    told = {text for text, digits in PLAIN.findall(data) if reduce(xor, text, 0) == int(digits, 16)}
    return sum(text.encode() not in told for text in taken)


def test_no_bytes_make_the_reader_raise_or_believe_the_impossible() -> None:
    fuzz(30_000, seed=1)


def test_no_sentence_is_taken_without_its_checksum() -> None:
    assert sum(unchecked(data) for data in inputs(10_000, seed=2)) == 0


def test_a_reader_without_checksums_would_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same inputs, and every sentence taken for good."""
    trusting: Callable[[bytes], int] = lambda text: 0  # noqa: E731
    monkeypatch.setattr("appliance.gps.sentence.checksum", trusting)
    monkeypatch.setattr("appliance.gps.sentence.int", lambda digits, base: 0, raising=False)
    assert reader_module.Framer is Framer
    assert sum(unchecked(data) for data in inputs(10_000, seed=2)) > 100


def test_ten_megabytes_of_noise_hold_no_position() -> None:
    chance, reader = random.Random(3), Reader()
    given = [fix for _ in range(40) for fix in reader.push(chance.randbytes(1 << 18))]
    assert [fix for fix in given if fix.lat is not None] == []


@pytest.mark.campaign
def test_a_million_inputs_do_not_make_the_reader_raise() -> None:
    for seed in range(10, 20):
        fuzz(100_000, seed)
