"""Whole processes killed at random instants: what was acknowledged arrives, once."""

import random
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.flow.world import World
from tests.support import eventually

PARTS = ("finger", "uplink", "ingest", "vehicle", "keeper", "broker")


def start(world: World, part: str) -> None:
    if part == "broker":
        world.broker.start()
    elif part == "finger":
        world.start(part, sys.executable, "-m", "tests.flow.finger", world.unit_file)
    else:
        world.start(part)


def kill(world: World, part: str, chance: random.Random) -> None:
    if part == "broker":
        world.broker.kill()
        if chance.random() < 0.5:
            world.broker.wipe()
    else:
        world.kill(part)


def thanked(world: World) -> list[int]:
    """Every number the finger was thanked for; a line cut by the kill is not one."""
    said = world.log("finger").read_bytes()
    return [int(line) for line in said.split(b"\n")[:-1] if line.isdigit()]


def everything_arrived(world: World) -> bool:
    return eventually(lambda: world.backlog() == 0, seconds=60, what="the backlog is gone")


def check_the_ledger(world: World) -> None:
    rows = world.ledger()
    numbers = Counter(row["body"]["number"] for row in rows if row["type"] == "visit.checked_in")
    assert set(thanked(world)) - set(numbers) == set()
    assert [number for number, times in numbers.items() if times > 1] == []
    heads = {row["epoch"]: row["head"] for row in world.journals()}
    kept = Counter(row["epoch"] for row in rows)
    assert {epoch: kept[epoch] for epoch in heads} == heads


def kill_at_random(world: World, rounds: int, seed: int) -> None:
    """Each part is killed `rounds` times, in a random order, at random instants."""
    chance = random.Random(seed)
    for part in PARTS[:-1]:
        start(world, part)
    victims = [part for part in PARTS for _ in range(rounds)]
    chance.shuffle(victims)
    for part in victims:
        # At a random instant of its work or of its start: after so many more thanks.
        more = len(thanked(world)) + chance.randrange(1, 12)
        if part != "finger":
            eventually(lambda more=more: len(thanked(world)) >= more, what="the finger goes on")
        kill(world, part, chance)
        start(world, part)
    world.kill("finger")
    assert len(thanked(world)) > len(victims)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_twenty_kills_of_each_process_lose_and_double_nothing(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        kill_at_random(world, rounds=20, seed=1)
        everything_arrived(world)
        check_the_ledger(world)


@pytest.mark.campaign
def test_a_thousand_kills_of_each_process_lose_and_double_nothing(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        kill_at_random(world, rounds=1000, seed=2)
        everything_arrived(world)
        check_the_ledger(world)


def test_the_check_sees_a_loss(tmp_path: Path) -> None:
    """Control: a finger that is thanked before the commit is found out."""
    with World(tmp_path) as world:
        for part in ("uplink", "ingest", "finger"):
            start(world, part)
        eventually(lambda: len(thanked(world)) > 5)
        world.kill("finger")
        with world.log("finger").open("ab") as thanks:
            thanks.write(b"100000\n")
        everything_arrived(world)
        with pytest.raises(AssertionError, match="100000"):
            check_the_ledger(world)
