"""Units that are told of a new system and report, on a real ledger with a clock of the test's."""

from typing import Final

from federation.config import Store
from federation.fleet_troubles import DISK
from federation.ledger import Ledger
from federation.twins.queue import Queue
from federation.updates import rollouts, stepping
from federation.updates.rollouts import Rollout
from federation.updates.waves import HOUR, SETTLE, Row
from protocol.documents import Update
from protocol.unit import UpdateApplied
from tests.federation.bench import Bench, ingest_on, link, status
from tests.federation.projections.ground import project
from tests.federation.van import TRUSTED, Van

OLD, NEW = "0.5.0", "0.5.1"
WANTED: Final = Update(
    version=NEW, address="https://updates.example.org/updates/escale-0.5.1.raucb", size=9,
    digest="ab" * 32,
)  # fmt: skip


class Road:
    """The federation, its units and the time."""

    def __init__(self, store: Store, *units: str) -> None:
        self.store, self.now = store, 1_780_000_000_000
        self.ledger, queue = Ledger.open(store), Queue()
        ingest = ingest_on(self.ledger, queue, store, lambda: self.now)
        self.bench = Bench(self.ledger, queue, ingest, store)
        self._vans = {name: Van(name, epoch=70 + n) for n, name in enumerate(units)}
        for name in units:
            self.speaks(name)

    def speaks(self, unit: str, version: str = OLD, *, trouble: bool = False) -> None:
        """It is there, runs that, and says so."""
        free = DISK - 1 if trouble else 2 * DISK
        word = status(unit, version=version, utc=self.now, disk_free=free)
        self.bench.arrive(link(unit), word)

    def reports(self, unit: str, outcome: str, reason: str = "", version: str = NEW) -> None:
        """Its event arrives."""
        van = self._vans[unit]
        van.utc_at_boot = self.now - van.boottime
        van.append(UpdateApplied(version=version, outcome=outcome, reason=reason))  # type: ignore[arg-type]
        self.bench.drain(van)
        project(self.ledger.database)

    def takes(self, unit: str, *, trouble: bool = False) -> None:
        """It runs the new system long enough to be believed."""
        self.reports(unit, "applied")
        self.speaks(unit, NEW, trouble=trouble)
        self.steps()
        self.later(SETTLE)
        self.speaks(unit, NEW, trouble=trouble)

    def later(self, milliseconds: int = HOUR) -> None:
        """Time passes."""
        self.now += milliseconds

    def begins(self, first: str = "") -> Rollout:
        """A rollout is begun."""
        stepping.begin(self.store, WANTED, first, "claire", self.now)
        return self.steps()

    def steps(self) -> Rollout:
        """The chore runs."""
        rollout = stepping.step(self.store, TRUSTED.documents, self.now)
        assert rollout is not None
        return rollout

    def rows(self) -> dict[str, Row]:
        """What is kept of each unit."""
        known = rollouts.read(self.store)
        assert known is not None
        return dict(known[1])

    def close(self) -> None:
        """Lets go of the ledger."""
        self.ledger.close()
