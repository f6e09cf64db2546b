"""What a card does on a bad day: a bundle that is damaged, no network at all, no room left.

One card for all of it: each test goes on from the one before.
"""

from collections.abc import Iterator

import pytest

from tests.image.card import Card
from tests.image.data import Data
from tests.image.in_use import MISPLACED, WELCOME, InUse
from tests.image.needs import AN_IMAGE
from tests.image.pages import Pages

pytestmark = AN_IMAGE
LEFT = 2 << 20
"""Bytes."""


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[InUse]:
    unit = InUse(Card(tmp_path_factory.mktemp("card"), gigabytes=5), pages)
    unit.card.drops(b"not a bundle", "escale-van-germaine.bundle")
    unit.on(receiver=False)
    unit.machine.monitor.ask("set_link", name="wire", up=False)
    yield unit
    unit.end()


def test_a_damaged_bundle_is_named_on_the_screen_and_stops_nothing(unit: InUse) -> None:
    unit.hand.sees(MISPLACED)
    health = unit.health()
    assert (health["verdict"], health["failed"]) == ("good", "none")


def test_without_a_bundle_or_a_network_people_check_in(unit: InUse) -> None:
    unit.hand.touches(MISPLACED, "Plus tard", WELCOME)
    unit.check_in()
    unit.cut()
    assert numbers(unit) == [1]


def test_on_a_full_card_people_check_in_from_the_ballast(unit: InUse) -> None:
    Data.fill(unit.card, unit.card.folder / "filled.ext4", LEFT)
    unit.on(receiver=False)
    unit.hand.sees(MISPLACED)
    unit.hand.touches(MISPLACED, "Plus tard", WELCOME)
    unit.check_in()
    assert unit.health()["failed"] == "none"
    unit.cut()
    assert numbers(unit) == [1, 2]


def numbers(unit: InUse) -> list[int]:
    """Of the check-ins that are on the card."""
    events = Data(unit.card, unit.card.folder / "data").events("screen")
    return [body["number"] for type_, body in events if type_ == "visit.checked_in"]
