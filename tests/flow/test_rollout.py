"""A new system for seven units: one, five, all, until one of the five goes back to the old one.

Real journals, the real uplink, ingest, ledger and outbox; the network is played (wire.py), and a
unit that starts again with another version is one whose software calls itself so.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.clock import BootClock
from appliance.journal import Journal
from appliance.uplink import herald
from federation.config import Store
from federation.ledger import Ledger
from federation.twins.queue import Queue
from federation.updates import rollouts, stepping
from federation.updates.rollouts import Rollout
from federation.updates.waves import SETTLE, Row
from protocol import topics
from protocol.documents import Update
from protocol.unit import UpdateApplied
from tests.federation.bench import ingest_on
from tests.federation.projections.ground import project
from tests.federation.van import TRUSTED
from tests.flow.wire import OverWire, Wire
from tests.support import unit_config

OLD, NEW = "0.5.0", "0.5.1"
UNITS = tuple(f"van-{name}" for name in ("a", "b", "c", "d", "e", "f", "g"))
WANTED = Update(
    version=NEW, address="https://updates.example.org/updates/escale-0.5.1.raucb", size=9,
    digest="ab" * 32,
)  # fmt: skip


class Unit:
    """One card, its uplink, its way to the broker."""

    def __init__(self, folder: Path, name: str) -> None:
        section = {"id": name, "vehicle_name": name}
        config = unit_config(folder, unit=section)
        config.paths.data.mkdir(parents=True)
        TRUSTED.identity_of(name, config.paths.data)
        self.name, self.version = name, OLD
        self.journal = Journal.open(
            config.paths.data / "uplink.db", name="uplink", clock=BootClock()
        )
        self.uplink = OverWire(config, self.journal, chance=lambda: 0.0)
        self.wire = self.uplink.wire = Wire()

    def starts_again_as(self, version: str, outcome: str, reason: str = "") -> None:
        """It has tried the new system, and runs that version now."""
        self.version = version
        self.journal.append(UpdateApplied(version=NEW, outcome=outcome, reason=reason))  # type: ignore[arg-type]

    def wanted(self) -> str | None:
        """The version that its document names; None: it never had one."""
        found = self.journal.database.conn.execute(
            "SELECT body FROM document WHERE kind = 'update'"
        ).fetchone()
        return None if found is None else json.loads(found[0]).get("version", "")


class Fleet:
    """Seven units and one federation."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.units = {name: Unit(folder / name, name) for name in UNITS}
        self.store, self.queue = Store(data=folder / "federation"), Queue()
        self.ledger = Ledger.open(self.store)
        self.utc, self.now = int(TRUSTED.now.timestamp() * 1000), 0.0
        self._ingest = ingest_on(self.ledger, self.queue, self.store, lambda: self.utc)
        self.lives(600)

    def lives(self, seconds: float) -> None:
        """All units speak and are answered, while so much time passes."""
        for _ in range(10):
            self.now += seconds / 10
            self.utc += int(seconds * 100)
            for unit in self.units.values():
                self._monkeypatch.setattr(herald, "__version__", unit.version)
                unit.uplink.step(self.now)
                unit.wire.cross(100)
                self.queue.waiting.extend(unit.wire.broker)
                unit.wire.broker = []
            self._ingest.step(self.now)
            for sent in self.queue.sent:
                self.units[sent.topic.split("/")[3]].wire.down.append((sent.topic, sent.payload))
            self.queue.sent.clear()
            for unit in self.units.values():
                unit.wire.come_down()
        project(self.ledger.database)

    def steps(self) -> Rollout:
        """The federation's chore runs, and what it says arrives."""
        rollout = stepping.step(self.store, TRUSTED.documents, self.utc)
        assert rollout is not None
        self.lives(600)
        return rollout

    def takes(self, *names: str) -> None:
        """These install it and live well with it for a while."""
        for name in names:
            self.units[name].starts_again_as(NEW, "applied")
        self.lives(600)
        self.steps()
        self.lives(SETTLE / 1000 + 600)

    def wanted(self) -> dict[str, str | None]:
        """What each unit holds."""
        return {name: unit.wanted() for name, unit in self.units.items()}

    def rows(self) -> dict[str, Row]:
        """What the federation keeps of each."""
        known = rollouts.read(self.store)
        assert known is not None
        return dict(known[1])

    def close(self) -> None:
        """Every card is pulled."""
        for unit in self.units.values():
            unit.uplink.close()
        self.ledger.close()


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    made = Fleet(tmp_path, monkeypatch)
    assert topics.down("van-a", "receipt").split("/")[3] == "van-a"
    yield made
    made.close()


@pytest.mark.slow
def test_one_then_five_and_the_first_that_goes_back_saves_the_rest(fleet: Fleet) -> None:
    stepping.begin(fleet.store, WANTED, "van-c", "claire", fleet.utc)
    fleet.steps()
    assert fleet.wanted() == {**dict.fromkeys(UNITS), "van-c": NEW}

    fleet.takes("van-c")
    fleet.steps()
    five = ("van-a", "van-b", "van-d", "van-e", "van-f")
    assert fleet.wanted() == {**dict.fromkeys(("van-c", *five), NEW), "van-g": None}

    fleet.takes("van-a")
    fleet.units["van-d"].starts_again_as(OLD, "rolled_back", "the screen drew nothing")
    fleet.lives(600)
    stopped = fleet.steps()
    assert (stopped.state, stopped.stop, stopped.stop_unit) == ("stopped", "rolled_back", "van-d")
    untouched = {"van-b": "", "van-e": "", "van-f": "", "van-g": None}
    assert fleet.wanted() == {"van-a": NEW, "van-c": NEW, "van-d": "", **untouched}

    fleet.lives(3 * SETTLE / 1000)
    assert fleet.steps().state == "stopped"
    assert fleet.wanted() == {"van-a": NEW, "van-c": NEW, "van-d": "", **untouched}


@pytest.mark.slow
def test_a_person_lets_the_others_have_it_all_the_same(fleet: Fleet) -> None:
    stepping.begin(fleet.store, WANTED, "", "claire", fleet.utc)
    fleet.steps()
    fleet.units["van-a"].starts_again_as(OLD, "refused", "no room on the card")
    fleet.lives(600)
    assert fleet.steps().stop_reason == "no room on the card"
    stepping.resume(fleet.store, fleet.utc, retry=False)
    fleet.steps()
    assert fleet.wanted() == {**dict.fromkeys(UNITS), "van-a": "", "van-b": NEW}
    fleet.takes("van-b")
    fleet.steps()
    fleet.takes(*UNITS[2:])
    assert fleet.steps().state == "done"
    assert fleet.rows()["van-a"].aside
