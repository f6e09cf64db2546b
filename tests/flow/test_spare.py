"""A spare card becomes a unit by a typed code: real service, real broker, its own uplink."""

import io
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import msgspec
import pytest

from appliance import config
from appliance.config import UnitConfig
from appliance.first_boot import process
from appliance.identity import GIVEN, store, typed_code
from appliance.identity.trusted import TrustStore
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.uplink.cursors import uplink_file
from appliance.uplink.daemon import Uplink
from appliance.vault import Sealer
from protocol import enrolment
from protocol.certificates import BOOTSTRAP
from provisioning import broker
from tests.appliance.first_boot.cards import Flashed
from tests.appliance.first_boot.test_process import flash
from tests.provisioning.test_server import Serving, serving_in
from tests.support import eventually

UNIT = "van-germaine"
WRONG = "0000000000000000"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving_in(tmp_path_factory.mktemp("spare")) as made:
        yield made


def run(serving: Serving, *words: object) -> str:
    """What a command of the coordinator says."""
    told = io.StringIO()
    with redirect_stdout(told):
        assert serving.laid_out.federation.run(*words) == 0
    return told.getvalue()


def code_for(serving: Serving, unit: str) -> str:
    """The code that the coordinator reads out for a unit; the unit is added if it is new."""
    if unit not in serving.laid_out.federation.state().units:
        serving.laid_out.federation.add(unit)
    where = f"localhost:{serving.laid_out.port}"
    told = run(serving, "bundle", unit, "--for-spare", "--broker", where, "--apn", "orange.m2m")
    found = re.search(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}", told)
    assert found is not None, told
    return found[0]


def from_the_drawer(serving: Serving, tmp_path: Path, name: str = "card") -> Flashed:
    """A spare card with its bundle, switched on."""
    out, where = tmp_path / f"bundles-{name}", f"localhost:{serving.laid_out.port}"
    spare = run(serving, "spare", "--broker", where, "--out", out).strip()
    card = flash(tmp_path, name)
    card.drop((out / f"escale-{spare}.bundle").read_bytes(), f"escale-{spare}.bundle")
    said = card.boots()
    assert (said["unit"], said["wrong"], said["faults"]) == (spare, "", [])
    access = serving.laid_out.out / broker.ACCESS
    eventually(lambda: f"user {BOOTSTRAP}{spare}\n" in access.read_text(), 10, "it may ask")
    return card


def unit_of(card: Flashed) -> UnitConfig:
    """Its configuration, in a memory of its own."""
    told = config.load(card.state / "unit.toml")
    return msgspec.structs.replace(told, paths=msgspec.structs.replace(told.paths, run=card.run))


class Runs:
    """The uplink of a card, for as long as a test wants."""

    def __init__(self, card: Flashed) -> None:
        unit = unit_of(card)
        journal = Journal.open(uplink_file(card.state), name="uplink", clock=SettableClock())
        self.uplink = Uplink(unit, journal)
        self.card = card

    def until(self, condition: Callable[[], bool], what: str) -> None:
        def turn() -> bool:
            rest = self.uplink.step(time.monotonic())
            self.uplink.rest(min(rest, 0.05))
            return condition()

        eventually(turn, 30, what)

    @property
    def enrolment(self) -> str:
        return self.uplink.papers.enrolment


@contextmanager
def uplink(card: Flashed) -> Iterator[Runs]:
    made = Runs(card)
    try:
        yield made
    finally:
        made.uplink.close()


def types(card: Flashed, code: str) -> None:
    """Somebody at the screen."""
    typed_code.give(card.run, code)


def test_a_spare_card_becomes_the_unit_that_the_coordinator_chose(
    serving: Serving, tmp_path: Path
) -> None:
    card = from_the_drawer(serving, tmp_path)
    code = code_for(serving, UNIT)
    with uplink(card) as runs:
        runs.until(lambda: runs.enrolment == "refused", "it waits for a code")
        types(card, code)
        runs.until(lambda: (card.run / "bundle.wanted").exists(), "the bundle came")
    assert process.take_bundle(card.card()) == 0
    said = card.says()
    assert (said["unit"], said["wrong"], card.called) == (UNIT, "", f"escale-{UNIT}")
    assert said["connections"] == ["escale-4g.nmconnection"]
    assert ("systemctl", "try-restart", "--no-block", *process.OURS) in card.asked
    assert not (store.folder(card.state) / GIVEN).exists()
    with uplink(card) as runs:
        runs.until(lambda: runs.enrolment == "enrolled", "it enrols with the same code")
    identity = store.load(card.state)
    assert identity is not None
    assert serving.laid_out.federation.state().latest(UNIT).der == identity.der
    folder = serving.laid_out.federation.folder
    assert list(folder.installations.glob("*")) == []
    assert not (store.folder(card.state) / store.CODE).exists()
    assert card.boots()["unit"] == UNIT  # the spare's bundle lies on its first partition still


def test_a_wrong_code_is_refused_and_the_right_one_is_taken_after_it(
    serving: Serving, tmp_path: Path
) -> None:
    card = from_the_drawer(serving, tmp_path)
    code = code_for(serving, "van-wrong")
    with uplink(card) as runs:
        types(card, WRONG)
        runs.until(lambda: "no unit waits" in str(runs.uplink.papers._why_nobody()), "refused")
        assert runs.enrolment == "refused"
        types(card, code)
        runs.until(lambda: (card.run / "bundle.wanted").exists(), "the bundle came")


def test_a_cut_after_the_bundle_came_is_made_good_by_the_next_boot(
    serving: Serving, tmp_path: Path
) -> None:
    card = from_the_drawer(serving, tmp_path)
    code = code_for(serving, "van-cut")
    with uplink(card) as runs:
        types(card, code)
        runs.until(lambda: (card.run / "bundle.wanted").exists(), "the bundle came")
    assert card.boots()["unit"] == "van-cut"  # with what was in memory forgotten
    with uplink(card) as runs:
        runs.until(lambda: runs.enrolment == "enrolled", "the code outlived the cut")


def test_two_cards_with_one_code_do_not_both_become_the_unit(
    serving: Serving, tmp_path: Path
) -> None:
    code = code_for(serving, "van-twice")
    one, two = (from_the_drawer(serving, tmp_path, name) for name in ("one", "two"))
    assert comes_of(one, code) == "enrolled"
    assert comes_of(two, code) == "refused"


def comes_of(card: Flashed, code: str) -> str:
    """Somebody types the code; how the card stands in the end."""
    arrived, kept = card.run / "bundle.wanted", store.folder(card.state) / store.CODE
    with uplink(card) as runs:
        types(card, code)
        runs.until(kept.exists, "the code is taken")
        runs.until(lambda: arrived.exists() or not kept.exists(), "an answer")
        if not arrived.exists():
            return runs.enrolment
    process.take_bundle(card.card())
    with uplink(card) as runs:
        runs.until(lambda: runs.enrolment in ("enrolled", "refused"), "an answer")
        return runs.enrolment


def test_a_spare_card_seals_no_name_and_knows_no_unit(serving: Serving, tmp_path: Path) -> None:
    card = from_the_drawer(serving, tmp_path)
    sealer = Sealer(unit_of(card).unit.id, card.state)
    sealer.test()
    assert sealer.trouble == "not_enrolled"
    assert TrustStore(card.state).devices() is not None
    assert not (card.state / "trust" / "reset-secret").exists()


def test_a_revoked_spare_card_may_not_even_ask(serving: Serving, tmp_path: Path) -> None:
    card = from_the_drawer(serving, tmp_path)
    spare = unit_of(card).unit.id
    assert serving.laid_out.federation.run("revoke", spare, "--why", "lost") == 0
    access = (serving.laid_out.out / broker.ACCESS).read_text()
    assert f"user {BOOTSTRAP}{spare}\n" not in access
    told = json.loads(run(serving, "spares", "--json"))
    assert [one["until"] for one in told if one["spare"] == spare] == [None]


def test_the_end_of_a_card_in_a_drawer_is_told_before_it_comes(
    serving: Serving, tmp_path: Path
) -> None:
    where = f"localhost:{serving.laid_out.port}"
    spare = run(serving, "spare", "--broker", where, "--out", tmp_path / "out").strip()
    assert f"what {spare} may ask with ends" in run(serving, "status")


def test_what_lies_at_the_federation_for_a_spare_card_opens_with_the_code_alone(
    serving: Serving,
) -> None:
    code = code_for(serving, "van-closed")
    folder = serving.laid_out.federation.folder
    held = folder.installation("van-closed").read_bytes()
    assert b"PRIVATE KEY" not in held
    assert enrolment.typed(code).encode() not in held
    newer = code_for(serving, "van-closed")
    assert folder.installation("van-closed").read_bytes() != held
    assert newer != code


def test_no_unit_can_be_added_under_the_name_of_a_spare_card(serving: Serving) -> None:
    told = ("--territory", "Loire", "--centre", "Halles", "--vehicle", "camion")
    federation = serving.laid_out.federation
    assert federation.run("unit", "add", "spare-abcd", "--vehicle-name", "X", *told) == 1
