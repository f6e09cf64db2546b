"""Worker, broker, database and units killed at random: nothing promised is lost, nothing doubled.

On SQLite with one worker, on PostgreSQL with two. The broker is robbed of its memory each other
time it dies.
"""

import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.postgresql import PostgreSQL
from tests.support import Mosquitto
from tests.trusted import Trusted

from .chaos import Chaos

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def chaos(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chaos]:
    """Everything, about to be killed."""
    with ExitStack() as parts:
        server = None
        if request.param == "postgresql":
            server = parts.enter_context(PostgreSQL(durable=True))
        trusted = Trusted()
        broker = parts.enter_context(Mosquitto(tmp_path / "broker", trusted=trusted))
        made = Chaos(tmp_path, broker, trusted, server)
        parts.callback(made.close)
        made.begin()
        yield made


def lose_nothing(chaos: Chaos, *, rounds: int, seed: int) -> None:
    """So many rounds, and then the reckoning."""
    dice = random.Random(seed)
    for _ in range(rounds):
        chaos.round(dice)
    outcome = chaos.settle()
    kills = f"{sum(outcome.kills.values())} kills {dict(outcome.kills)}"
    sys.stdout.write(f"{kills}, {outcome.promised} rows promised\n")
    assert (outcome.lost, outcome.doubled, outcome.changed) == (set(), [], [])
    assert outcome.promised > rounds * 30


def test_a_few_rounds_of_kills_lose_and_double_nothing(chaos: Chaos) -> None:
    lose_nothing(chaos, rounds=5, seed=11)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_a_hundred_rounds_of_kills_lose_and_double_nothing(chaos: Chaos) -> None:
    lose_nothing(chaos, rounds=100, seed=12)


@pytest.mark.parametrize("chaos", ["sqlite"], indirect=True)
def test_the_reckoning_sees_a_row_that_is_lost(chaos: Chaos) -> None:
    assert not chaos.settle().lost
    with (chaos.folder / "promised").open("a") as promises:
        promises.write("chaos-anne 12345 1\n")
    assert chaos.outcome().lost == {("chaos-anne", 12345, 1)}
