"""A federation founded by its own commands: a unit enrols, speaks, is revoked, comes back."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.flow.founded import UNIT, Founded
from tests.flow.world import BIN
from tests.support import eventually, unit_config_file


class Card:
    """One box: made with a bundle and its code, with an uplink that runs."""

    def __init__(self, founded: Founded, name: str) -> None:
        self._founded, self.name = founded, name
        here = founded.folder / name
        broker = {"host": "localhost", "port": founded.port}
        self.file = unit_config_file(here, unit={"id": UNIT}, broker=broker)
        bundle, code = founded.authority.bundle(UNIT)
        told = ("--config", self.file, "--data", here / "data", "--wait", "60")
        founded.ask("escale", "enrol", bundle, "--code", code, *told)
        self.spent, self.data = (bundle, code), here / "data"
        self.start()

    def start(self) -> None:
        self._founded.start(self.name, BIN / "escale", "--config", self.file, "uplink")

    def sign_up(self, number: int, first_name: str) -> None:
        words = ("journal", "sign-up", "cv-telephone", "--number", str(number))
        said = f"{first_name}\n06 12 34 56 78\n"
        self._founded.ask("escale", "--config", self.file, *words, said=said)

    def check_in(self) -> None:
        body = '{"number": 1, "door": "logement", "theme": "logement"}'
        words = ("journal", "append", "visit.checked_in", body)
        self._founded.ask("escale", "--config", self.file, *words)


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[Founded]:
    with Founded(tmp_path) as running:
        yield running


def holds(founded: Founded, count: int, what: str) -> Callable[[], bool]:
    return lambda: sum(row["type"] == what for row in founded.ledger()) == count


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_a_unit_enrols_speaks_is_revoked_within_a_minute_and_comes_back_on_a_new_card(
    founded: Founded,
) -> None:
    first = Card(founded, "first")
    first.sign_up(12, "Aïcha")
    eventually(holds(founded, 1, "workshop.signed_up"), 30)

    settings = founded.folder / "settings.json"
    settings.write_text('{"languages": ["fr", "ar"]}', encoding="utf-8")
    founded.federation("publish", "settings", settings, "--unit", UNIT)
    eventually(lambda: founded.status()["documents"].get("settings") == 1, 30)

    begun = time.monotonic()
    founded.provision("revoke", UNIT, "--why", "stolen")
    said = founded.log("first")
    eventually(lambda: "refuse" in said.read_text() or "broke" in said.read_text(), 60)
    assert time.monotonic() - begun < 60
    first.check_in()

    second = Card(founded, "second")
    second.check_in()
    eventually(holds(founded, 1, "visit.checked_in"), 60)
    # What the thief wrote on the first card since is not in the ledger, and never will be.
    epochs = {row["epoch"] for row in founded.ledger() if row["type"] == "visit.checked_in"}
    assert epochs.isdisjoint(epochs_of(founded, first))


def epochs_of(founded: Founded, card: Card) -> set[int]:
    out = founded.ask("escale", "--config", card.file, "journal", "status", "--json")
    return {row["epoch"] for row in json.loads(out)}


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_person_is_found_exported_and_erased(founded: Founded) -> None:
    Card(founded, "first").sign_up(12, "Aïcha")
    eventually(holds(founded, 1, "workshop.signed_up"), 30)
    founded.federation("backup")
    asked = ("--signup", "12", "--reason", "asked")
    opened = ("--passphrase-file", founded.folder / "passphrase-file")
    told = json.loads(founded.federation("export", *asked, *opened))
    assert told["names"] == {"first_name": "Aïcha", "phone": "06 12 34 56 78"}
    assert "from 1 backups" in founded.federation("erase", *asked)
    assert json.loads(founded.federation("export", *asked, *opened))["names"] == {}
    assert [row["type"] for row in founded.ledger()].count("workshop.signed_up") == 1


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_code_works_once(founded: Founded) -> None:
    card = Card(founded, "first")
    bundle, code = card.spent
    here = founded.folder / "thief"
    broker = {"host": "localhost", "port": founded.port}
    file = unit_config_file(here, unit={"id": UNIT}, broker=broker)
    told = ("--config", file, "--data", here / "data", "--wait", "30")
    with pytest.raises(AssertionError, match="code"):
        founded.ask("escale", "enrol", bundle, "--code", code, *told)
    card.check_in()
    eventually(holds(founded, 1, "visit.checked_in"), 30)
