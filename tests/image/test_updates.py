"""Updates on a card in use: from a stick to the other slot, refused, or left again by themselves.

One board for all of it, in the order that is told here: each test goes on from the one before.
What the card thinks of a bundle is read in its log, which this board's console shows.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.update.folder import Folder
from appliance.update.health import HUNG
from tests.image import releases
from tests.image.card import Card
from tests.image.data import Data
from tests.image.in_use import HEALTH, NAMELESS, WELCOME, InUse
from tests.image.needs import AN_IMAGE
from tests.image.pages import Pages

pytestmark = [
    *AN_IMAGE,
    pytest.mark.skipif(not releases.can_be_made(), reason=releases.NO_KEYS),
]
MUTATIONS = 20


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Iterator[InUse]:
    """A card without a bundle, left at the visitors' first page."""
    unit = InUse(Card(tmp_path_factory.mktemp("card")), pages)
    unit.on(receiver=False)
    unit.hand.sees(NAMELESS)
    unit.hand.touches(NAMELESS, "Plus tard", WELCOME)
    yield unit
    unit.end()


class Sticks:
    """Plugged in and pulled out, one after the other."""

    def __init__(self, unit: InUse, folder: Path) -> None:
        self._unit, self._folder, self._count = unit, folder, 0

    def brings(self, *bundles: Path) -> int:
        """A stick with these is plugged in; where the console was then."""
        self._count += 1
        stick = releases.stick(self._folder / f"stick-{self._count}", *bundles)
        before = len(self._unit.machine.console)
        self._unit.machine.plugs_in(stick)
        return before

    def refused(self, *bundles: Path) -> str:
        """As `brings`, and what is said against it."""
        before = self.brings(*bundles)
        said = self._unit.machine.says(r"update: .* is refused: (?P<why>.*)$", after=before)
        self._unit.machine.pulls_out()
        return said["why"]


@pytest.fixture(scope="module")
def sticks(unit: InUse, tmp_path_factory: pytest.TempPathFactory) -> Sticks:
    return Sticks(unit, tmp_path_factory.mktemp("sticks"))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return releases.whole(tmp_path_factory.mktemp("release"), "0.9.1")


@pytest.fixture(scope="module")
def hanging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return releases.that_hangs(tmp_path_factory.mktemp("hanging"), "0.9.2")


def test_a_stick_brings_the_next_system_into_the_other_slot(
    unit: InUse, sticks: Sticks, good: Path
) -> None:
    assert unit.health()["slot"] == "A"
    before = sticks.brings(good)
    unit.machine.says("^escale: slot B order B A trial ", after=before, seconds=3000)
    told = unit.machine.says(HEALTH, after=before)
    unit.machine.pulls_out()
    assert (told["verdict"], told["slot"], told["version"]) == ("good", "B", "0.9.1")
    assert told["failed"] == "none"
    # Nobody is at the panel now: nothing is written while somebody may be.
    unit.hand.sees(NAMELESS)
    unit.hand.touches(NAMELESS, "Plus tard", WELCOME)


def test_a_broken_bundle_is_refused(sticks: Sticks, hanging: Path) -> None:
    content = bytearray(hanging.read_bytes())
    content[-100] ^= 1
    broken = hanging.with_name("escale-0.9.3.raucb")
    broken.write_bytes(content)
    assert "damaged" in sticks.refused(broken)


def test_a_system_that_hangs_is_left_again_after_three_tries(
    unit: InUse, sticks: Sticks, hanging: Path
) -> None:
    before = sticks.brings(hanging)
    for left in (2, 1, 0):
        unit.machine.says(rf"^escale: slot A order A B trial left A={left} ", after=before)
    unit.machine.says("^escale: slot B ", after=before)
    told = unit.machine.says(HEALTH, after=before)
    assert (told["verdict"], told["slot"], told["version"]) == ("good", "B", "0.9.1")
    unit.machine.pulls_out()
    # Read while it is on, as a cut at this moment would leave it.
    data = Data(unit.card, unit.card.folder / "data")
    judged = {each.version: each for each in Folder(data.folder / "update").judged.values()}
    assert judged["0.9.1"].outcome == "applied"
    assert judged["0.9.2"].outcome == "rolled_back"
    assert judged["0.9.2"].why == HUNG


def test_twenty_spoilt_bundles_are_refused(unit: InUse, sticks: Sticks, tmp_path: Path) -> None:
    # Some are found out only while they are written, which waits until nobody is at the panel.
    unit.hand.sees(NAMELESS)
    unit.hand.touches(NAMELESS, "Plus tard", WELCOME)
    mutants = releases.spoilt(tmp_path / "spoilt", MUTATIONS)
    assert len(mutants) == MUTATIONS
    for number, mutant in enumerate(mutants):
        path = tmp_path / f"escale-1.0.{number}.raucb"
        path.write_bytes(mutant)
        assert sticks.refused(path)
