"""An update by the usual way: published at the federation, fetched by the unit, run, and told.

The federation, its broker and Debian's nginx run on this machine, where the card finds them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.founded import UNIT, Founded
from tests.image import releases
from tests.image.card import HOST, Card
from tests.image.in_use import HEALTH, WELCOME, InUse
from tests.image.needs import AN_IMAGE
from tests.image.pages import Pages
from tests.provisioning.updates_server import nginx
from tests.support import eventually, free_port

pytestmark = [
    *AN_IMAGE,
    pytest.mark.skipif(not releases.can_be_made(), reason=releases.NO_KEYS),
]
NEXT = "0.9.4"


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[Founded]:
    port, folder, served = free_port(), tmp_path / "nginx", tmp_path / "served"
    folder.mkdir()
    updates = {
        "folder": str(served),
        "address": f"https://{HOST}:{port}/updates",
        "keyring": str(releases.KEYS / "authority.pem"),
    }
    with Founded(tmp_path / "federation", known_as=HOST, updates=updates) as running:
        running.start("nginx", *nginx(folder, port, running.folder / "broker", served))
        yield running


@pytest.fixture
def unit(tmp_path: Path, founded: Founded, pages: Pages) -> Iterator[InUse]:
    bundle, code = founded.authority.bundle(UNIT)
    card = Card(tmp_path / "card")
    card.drops(bundle.read_bytes(), bundle.name)
    unit = InUse(card, pages)
    try:
        unit.on().attach(code)
        yield unit
    finally:
        unit.end()


def test_a_published_update_is_fetched_run_and_told(
    tmp_path: Path, unit: InUse, founded: Founded
) -> None:
    made = releases.announced(releases.whole(tmp_path / "release", NEXT), NEXT)
    said = founded.federation("publish", "update", made, "--version", NEXT, "--first", UNIT)
    assert "its signature is of our release authority" in said
    before = len(unit.machine.console)
    unit.machine.says("^escale: slot B order B A trial ", after=before, seconds=3000)
    told = unit.machine.says(HEALTH, after=before)
    assert (told["verdict"], told["slot"], told["version"]) == ("good", "B", NEXT)
    unit.hand.sees(WELCOME)
    applied = {"version": NEXT, "outcome": "applied"}
    eventually(
        lambda: applied in [row["body"] for row in founded.ledger()], 600, "it is in the ledger"
    )
