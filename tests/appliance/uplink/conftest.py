"""One unit with its uplink, and a small federation, around a real broker."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from appliance.config import UnitConfig
from appliance.journal import Journal
from appliance.twins.clock import SettableClock
from appliance.uplink import daemon
from appliance.uplink.daemon import Uplink
from protocol.duty import Paused
from tests.appliance.uplink.small_ledger import SmallLedger
from tests.support import Mosquitto, unit_config
from tests.trusted import Trusted


class Unit:
    """The journals of a unit, and its uplink stepped by hand."""

    def __init__(
        self,
        config: UnitConfig,
        trusted: Trusted | None,
        chance: Callable[[], float] = lambda: 0.02,
    ) -> None:
        self.config, self.chance = config, chance
        if trusted is not None:
            trusted.identity_of(config.unit.id, config.paths.data)
        self.clock = SettableClock()
        self.journals: dict[str, Journal] = {}
        self.skew = 0.0
        """Seconds its clock was put forward by the test."""
        self.days = 0.0
        """Days by which its calendar was."""
        self.uplink = self.start()

    def start(self) -> Uplink:
        """A new uplink, as after a power cut or an update."""
        journal = Journal.open(
            self.config.paths.data / "uplink.db", name="uplink", clock=self.clock
        )
        self.uplink = Uplink(self.config, journal, chance=self.chance, utc=self.utc)
        return self.uplink

    def utc(self) -> int:
        """What its machine's clock says."""
        return int((time.time() + self.days * 86_400) * 1000)

    def journal(self, name: str = "screen") -> Journal:
        if name not in self.journals:
            path = self.config.paths.data / f"{name}.db"
            self.journals[name] = Journal.open(path, name=name, clock=self.clock)
        return self.journals[name]

    def write(self, count: int, name: str = "screen") -> list[bytes]:
        """Appends so many rows; their bodies."""
        journal = self.journal(name)
        bodies = []
        with journal.atomic():
            for _ in range(count):
                self.clock.advance(1.0)
                body = b'{"made":%d}' % journal.head
                journal.append_raw(Paused.TYPE, body)
                bodies.append(body)
        return bodies

    def run_until(self, done: Callable[[], object], seconds: float = 15.0, what: str = "") -> None:
        """Steps the uplink until it is so."""
        limit = time.monotonic() + seconds
        while not done():
            if time.monotonic() > limit:
                raise AssertionError(f"still not so after {seconds} s: {what or done}")
            self.step()

    def run_for(self, seconds: float) -> None:
        """Steps the uplink that long."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self.step()

    def step(self) -> None:
        """One turn, and a rest short enough to see what the other threads did meanwhile."""
        self.uplink.step(time.monotonic() + self.skew)
        self.uplink.rest(0.01)

    @property
    def drained(self) -> bool:
        return not self.uplink.lanes.backlog and not self.uplink.lanes.unsaved

    def close(self) -> None:
        self.uplink.close()
        for journal in self.journals.values():
            journal.close()


@pytest.fixture
def ledger(broker: Mosquitto, trusted: Trusted) -> Iterator[SmallLedger]:
    running = SmallLedger(broker, trusted)
    yield running
    running.close()


@pytest.fixture
def unit(
    broker: Mosquitto, trusted: Trusted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Unit]:
    # No link here is as slow as the one that a unit is patient for.
    monkeypatch.setattr(daemon, "HEAR_FIRST", 0.3)
    running = Unit(unit_config(tmp_path, broker={"port": broker.port}), trusted)
    yield running
    running.close()
