"""A card that cannot be a unit any more: a picture with plain words, no prompt, no black panel."""

from pathlib import Path

from tests.image.card import Card
from tests.image.data import Data
from tests.image.in_use import InUse
from tests.image.needs import AN_IMAGE
from tests.image.pages import Pages

pytestmark = AN_IMAGE
AGAIN = r"escale-screen.service: Scheduled restart job, restart counter is at 3"
PROMPTS = ("emergency mode", "Give root password", "login:", "Press Enter")

SETTINGS = b"""[unit]
id = "van-germaine"
vehicle_name = "Germaine"
colour = "blue"
"""


def test_a_card_whose_data_is_beyond_repair_says_so(tmp_path: Path, pages: Pages) -> None:
    unit = InUse(Card(tmp_path), pages)
    Data.ruin(unit.card)
    assert asked_nothing(unit, "notice-card")


def test_a_unit_whose_settings_cannot_be_read_says_so(tmp_path: Path, pages: Pages) -> None:
    unit = InUse(Card(tmp_path), pages)
    Data.put(unit.card, "escale/unit.toml", SETTINGS)
    assert asked_nothing(unit, "notice-settings")


def asked_nothing(unit: InUse, shows: str) -> bool:
    """Whether that picture stands there, time and again, and nobody was asked for anything."""
    unit.on(receiver=False)
    try:
        unit.hand.sees(shows)
        unit.machine.says(AGAIN)
        unit.hand.sees(shows)
        return not any(words in unit.machine.console for words in PROMPTS)
    finally:
        unit.end()
