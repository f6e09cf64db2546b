"""A hundred thousand touches at random: nothing breaks, and nothing grows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import unit_config
from tests.ui.kit import becomes
from tests.ui.monkey import Monkey
from ui.display import PROFILES

A_DAY = 86_400
MEBIBYTE = 2**20
FEW = 300
"""Widgets: a page that was closed may live until another is."""


@pytest.fixture
def monkey(tmp_path: Path) -> Iterator[Monkey]:
    from ui.gallery.stage import Stage

    becomes(PROFILES["officiel-7"])
    config = unit_config(tmp_path, screen={"unread_languages": True})
    stage = Stage(config, tmp_path / "stage")
    monkey = Monkey(stage, seed=4)
    yield monkey
    monkey.close()
    stage.close()


@pytest.mark.slow
def test_touches_at_random_break_nothing_and_leave_nothing_behind(monkey: Monkey) -> None:
    monkey.touches(600, seconds_each=0.9)
    _, left_behind = monkey.at_rest()
    assert left_behind < FEW
    assert monkey.seen.keys() >= {"thanks", "workshops", "driver", "staff"}


@pytest.mark.campaign
@pytest.mark.timeout(0)
def test_a_day_of_a_hundred_thousand_touches_takes_no_more_memory(monkey: Monkey) -> None:
    monkey.touches(20_000, seconds_each=A_DAY / 100_000)
    before, _ = monkey.at_rest()
    monkey.touches(80_000, seconds_each=A_DAY / 100_000)
    after, left_behind = monkey.at_rest()
    assert left_behind < FEW
    assert after - before < 8 * MEBIBYTE
