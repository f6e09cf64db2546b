"""Whatever a card has acknowledged is on it after a power cut: the real image, in a real cut."""

from pathlib import Path

from tests.image.card import Card
from tests.image.cut import Keeping
from tests.image.needs import AN_IMAGE

pytestmark = AN_IMAGE
ROUNDS = 10


def test_ten_power_cuts_lose_no_check_in_that_was_acknowledged(tmp_path: Path) -> None:
    keeping = Keeping(Card(tmp_path, gigabytes=4))
    for number in range(ROUNDS):
        keeping.until_cut(at_least=20 + 13 * number)
        assert keeping.lost() == 0, f"after cut {number + 1}"


def test_without_our_syncing_the_same_cuts_lose_some(tmp_path: Path) -> None:
    keeping = Keeping(Card(tmp_path, gigabytes=4), synchronous="OFF")
    losses = 0
    for _ in range(3):
        keeping.until_cut(at_least=300)
        losses += keeping.lost()
        if losses:
            break
    assert losses, "the control must fail: this test would notice nothing"
