"""The first day of a card: flashed, its bundle dropped onto it, switched on, and used.

One board for all of it, as in a van: the tests are in the order of the day, each goes on from the
one before. The federation runs on this machine, where the card finds it over its network.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flow.founded import UNIT, Founded
from tests.image import pages as told
from tests.image.card import HOST, Card
from tests.image.data import Data
from tests.image.in_use import CONFIRM, NEW, REASONS, SHOTS, THANKS, WELCOME, InUse
from tests.image.needs import AN_IMAGE
from tests.image.pages import Pages
from tests.image.receiver import MARKET
from tests.support import eventually

pytestmark = AN_IMAGE


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Founded]:
    with Founded(tmp_path_factory.mktemp("federation"), known_as=HOST) as running:
        yield running


@pytest.fixture(scope="module")
def bundle(founded: Founded) -> tuple[bytes, str]:
    """What is dropped onto the card, and the code that is typed."""
    path, code = founded.authority.bundle(UNIT)
    return path.read_bytes(), code


@pytest.fixture(scope="module")
def unit(
    tmp_path_factory: pytest.TempPathFactory, bundle: tuple[bytes, str], pages: Pages
) -> Iterator[InUse]:
    card = Card(tmp_path_factory.mktemp("card"))
    card.drops(bundle[0], f"escale-{UNIT}.bundle")
    unit = InUse(card, pages).on()
    yield unit
    unit.end()


def rows(founded: Founded, type_: str) -> list[dict[str, Any]]:
    return [row for row in founded.ledger() if row["type"] == type_]


def test_a_new_card_says_so_and_nothing_has_failed(unit: InUse) -> None:
    unit.hand.sees(NEW)
    health = unit.health()
    assert (health["verdict"], health["failed"], health["slot"]) == ("good", "none", "A")
    assert (health["frame"], health["journal"], health["gps"]) == ("yes", "yes", "yes")


def test_it_becomes_its_unit_by_the_code_that_is_typed(
    unit: InUse, bundle: tuple[bytes, str]
) -> None:
    unit.attach(bundle[1])


def test_the_picture_is_the_first_page_as_we_drew_it(unit: InUse) -> None:
    unit.hand.sees(WELCOME)
    picture = unit.machine.picture(SHOTS / "card-1-welcome.png")
    assert not told.is_uniform(picture)
    assert unit.hand.glance() == WELCOME


def test_three_touches_make_one_check_in_that_the_federation_has(
    unit: InUse, founded: Founded
) -> None:
    unit.begin_duty()
    before = unit.hand.touched
    unit.check_in()
    assert unit.hand.touched - before == 3
    (row,) = eventually(lambda: rows(founded, "visit.checked_in"), 120, "it is in the ledger")
    assert row["body"] == {"number": 1, "door": "logement", "theme": "logement"}
    assert row["source"] == "gps"


def test_a_receivers_bytes_become_a_stop_that_the_federation_has(founded: Founded) -> None:
    # Three minutes of standing are a stop, not a level crossing.
    (row,) = eventually(lambda: rows(founded, "stop.arrived"), 600, "it is in the ledger")
    assert row["body"]["lat"] == pytest.approx(MARKET.lat, abs=2e-4)
    assert row["body"]["lon"] == pytest.approx(MARKET.lon, abs=2e-4)


def test_without_power_while_somebody_checks_in_nothing_acknowledged_is_lost(unit: InUse) -> None:
    unit.wake()
    unit.check_in()
    unit.cut()  # while the number is on the panel
    data = Data(unit.card, unit.card.folder / "data")
    visits = [body for type_, body in data.events("screen") if type_ == "visit.checked_in"]
    assert [visit["number"] for visit in visits] == [1, 2]
    assert "stop.arrived" in [type_ for type_, _ in data.events("vehicle")]


def test_with_power_again_it_is_the_same_unit_and_goes_on_counting(
    unit: InUse, founded: Founded
) -> None:
    unit.on()
    unit.hand.sees(WELCOME)
    unit.check_in()
    eventually(lambda: len(rows(founded, "visit.checked_in")) == 3, 300, "all three are there")
    numbers = [row["body"]["number"] for row in rows(founded, "visit.checked_in")]
    assert sorted(numbers) == [1, 2, 3]


def test_without_a_network_people_check_in_all_the_same(unit: InUse, founded: Founded) -> None:
    unit.machine.monitor.ask("set_link", name="wire", up=False)
    unit.check_in()
    unit.machine.monitor.ask("set_link", name="wire", up=True)
    eventually(lambda: len(rows(founded, "visit.checked_in")) == 4, 600, "it came afterwards")
    assert {CONFIRM, REASONS, THANKS} <= {path.stem for path in SHOTS.glob("*.png")}
