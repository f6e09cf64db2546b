"""The second way to the screen, which one word on the kernel's line chooses: under a compositor."""

from pathlib import Path

from tests.image.card import Card
from tests.image.data import Data
from tests.image.in_use import NAMELESS, WELCOME, InUse
from tests.image.needs import AN_IMAGE
from tests.image.pages import Pages

pytestmark = AN_IMAGE
# This board has no graphics processor: the compositor draws by itself.
CAGE = ("escale.screen=cage", "systemd.setenv=WLR_RENDERER=pixman")


def test_under_the_compositor_each_touch_counts_once_as_well(tmp_path: Path, pages: Pages) -> None:
    unit = InUse(Card(tmp_path), pages, *CAGE)
    unit.on(receiver=False)
    try:
        unit.hand.sees(NAMELESS)
        unit.hand.touches(NAMELESS, "Plus tard", WELCOME)
        unit.check_in()
        assert unit.health()["failed"] == "none"
    finally:
        unit.cut()
    events = Data(unit.card, tmp_path / "data").events("screen")
    assert [type_ for type_, _ in events] == ["visit.checked_in"]
