"""Whatever arrives, ingest goes on, its neighbours are stored, and nothing is lost from sight."""

import random
from collections.abc import Iterator

import pytest

from federation.source import Delivery
from protocol import topics
from protocol.messages import MAX_RANGE

from .bench import Bench, link, numbers, status
from .van import UNIT, Van


def mutations(dice: random.Random, van: Van) -> Iterator[Delivery]:
    """True messages with damage: bytes, properties, topics, swapped payloads."""
    true = [van.delivery(first, first + 9) for first in range(1, van.head - 8, 10)]
    true += [link(), status(), link("van-simone"), Van("van-simone").notes(3).delivery(1, 3)]
    while True:
        found = dice.choice(true)
        part = dice.randrange(5)
        if part == 0:
            found = found._replace(payload=damaged(dice, found.payload))
        elif part == 1:
            found = found._replace(properties=strange(dice))
        elif part == 2:
            found = found._replace(topic=dice.choice(true).topic)
        elif part == 3:
            found = found._replace(payload=dice.choice(true).payload)
        else:
            found = found._replace(payload=dice.randbytes(dice.randrange(60)), properties=())
        yield found


def damaged(dice: random.Random, payload: bytes) -> bytes:
    data = bytearray(payload)
    for _ in range(dice.randrange(1, 4)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data[: dice.randrange(len(data) + 1)] if dice.random() < 0.2 else data)


def strange(dice: random.Random) -> tuple[tuple[str, str], ...]:
    first = dice.choice((0, 1, -1, 5, 2**53, 10**30))
    last = first + dice.choice((0, -1, 9, MAX_RANGE, 10**9))
    said = f"{dice.choice(('screen', '', 'é'))} {dice.choice((7, 0, 10**40))} {first}-{last}"
    return (("rows", said),) * dice.choice((1, 1, 2))


def storm(bench: Bench, *, count: int) -> None:
    dice, van = random.Random(11), Van().notes(100)
    neighbour, stored = Van("van-paulette", epoch=9), 0
    poison = mutations(dice, van)
    for _ in range(count // 20):
        neighbour.notes(5)
        group = [next(poison) for _ in range(20)]
        group.insert(dice.randrange(20), neighbour.delivery(stored + 1, neighbour.head))
        bench.arrive(*group)
        stored = neighbour.head
        assert bench.receipt("van-paulette").epochs["9"].stored_to == stored
        assert bench.queue.waiting == []
    bench.drain(van)
    mine = [row.body for row in bench.rows(UNIT) if row.body is not None]
    assert set(numbers(mine)) <= set(range(1, 101))
    kept = bench.ask("SELECT count(*) FROM quarantine WHERE unit = ? AND epoch IS NOT NULL", UNIT)
    assert len(mine) == 100 or kept[0][0] > 0


def test_a_short_storm_of_damaged_messages(bench: Bench) -> None:
    storm(bench, count=2000)


@pytest.mark.campaign
@pytest.mark.timeout(7200)
def test_a_long_storm_of_damaged_messages(bench: Bench) -> None:
    storm(bench, count=1_000_000)


def test_a_stranger_cannot_speak_for_a_unit(bench: Bench) -> None:
    stranger = Van("van-simone").notes(3).delivery(1, 3)
    bench.arrive(stranger._replace(topic=topics.up(UNIT, "batch")))
    assert bench.rows() == []
