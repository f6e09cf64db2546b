"""Unit, broker and federation, in any sequence of work and misfortune, end up knowing the same.

Real journals, the real uplink, the real ingest and ledger; only the network and the broker
between them are played (wire.py).
"""

import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from appliance.clock import BootClock
from appliance.journal import Journal, JournalReader, journals
from appliance.uplink.lanes import Lanes
from appliance.uplink.pace import Pace
from appliance.uplink.window import Window
from federation import reading
from federation.config import Store
from federation.ledger import Ledger
from federation.people import signups
from federation.twins.queue import Queue
from protocol import sealing
from protocol.sealing import Binding
from protocol.visits import CheckedIn
from protocol.workshops import SignedUp
from tests.federation.bench import ingest_on
from tests.federation.van import TRUSTED, UNIT
from tests.flow.wire import OverWire, Wire
from tests.support import unit_config

LONG_ENOUGH = 4000.0
"""Seconds: every time-out is over, every hourly chore is due."""


class Chain(RuleBasedStateMachine):
    """One unit with its card, one network, one federation."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.config = unit_config(self.folder)
        self.card = self.config.paths.data
        self.card.mkdir(parents=True)
        TRUSTED.identity_of(UNIT, self.card)
        self.now, self.utc, self.count = 0.0, int(TRUSTED.now.timestamp() * 1000), 0
        self.wire, self.thanked = Wire(), set[int]()
        self.received: set[int] = set()
        self.backup: tuple[Path, set[int]] | None = None
        self.boot()
        self.open_federation()

    def boot(self) -> None:
        clock = BootClock()
        self.screen = Journal.open(self.card / "screen.db", name="screen", clock=clock)
        journal = Journal.open(self.card / "uplink.db", name="uplink", clock=clock)
        self.uplink = OverWire(self.config, journal, chance=lambda: 0.0)
        self.uplink.wire = self.wire

    def open_federation(self) -> None:
        self.queue = Queue()
        self.ledger = Ledger.open(Store(data=self.folder))
        self.ingest = ingest_on(self.ledger, self.queue, Store(data=self.folder), self.told)

    def told(self) -> int:
        self.utc += 1000
        return self.utc

    def teardown(self) -> None:
        try:
            self.everything_arrives_once()
        finally:
            self.switch_off()
            self.ledger.close()
            shutil.rmtree(self.folder)

    @rule(people=st.integers(1, 30))
    def people_check_in(self, people: int) -> None:
        for _ in range(people):
            self.count += 1
            self.screen.append(CheckedIn(number=self.count, door="sante", theme="sante"))
            self.thanked.add(self.count)

    @rule()
    def somebody_signs_up(self) -> None:
        self.count += 1
        event = SignedUp(workshop="cv", number=self.count)
        name = {"first_name": f"n{self.count}"}
        keys = [TRUSTED.sealing.public_key(), TRUSTED.recovery.public_key()]
        self.screen.append_sealed(event, lambda key: sealing.seal(name, keys, Binding(UNIT, key)))
        self.thanked.add(self.count)

    @rule(seconds=st.sampled_from((0.1, 3.0, 40.0, LONG_ENOUGH)))
    def time_passes(self, seconds: float) -> None:
        # A few turns of the loop: to connect, to be up, to hear, to send.
        for _ in range(4):
            self.now += seconds / 4
            self.screen.housekeep(self.now)
            self.uplink.step(self.now)

    @rule(count=st.integers(1, 6))
    def messages_cross(self, count: int) -> None:
        self.wire.cross(count)

    @rule(twice=st.booleans(), backwards=st.booleans())
    def ingest_works(self, twice: bool, backwards: bool) -> None:
        arriving, self.wire.broker = self.wire.broker, []
        arriving = arriving[::-1] if backwards else arriving
        self.queue.waiting.extend(arriving + (arriving if twice else []))
        self.ingest.step(self.now)
        self.wire.down += [(sent.topic, sent.payload) for sent in self.queue.sent]
        self.queue.sent.clear()
        self.received |= self.in_the_ledger().keys()

    @rule()
    def answers_come_down(self) -> None:
        self.wire.come_down()

    @rule()
    def the_line_breaks(self) -> None:
        self.wire.break_line()

    @rule(confirmed=st.integers(0, 6))
    def the_broker_dies_with_what_it_confirmed(self, confirmed: int) -> None:
        self.wire.cross(confirmed)
        self.wire.break_line()
        self.wire.wipe_broker()

    @rule()
    def the_unit_reboots(self) -> None:
        self.switch_off()
        self.boot()

    @rule()
    def the_federation_restarts(self) -> None:
        self.ledger.close()
        self.open_federation()

    @rule()
    def the_card_is_copied(self) -> None:
        self.switch_off()
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.card, copy)
        self.backup = (copy, set(self.thanked))
        self.boot()

    @rule()
    def yesterdays_card_is_put_back(self) -> None:
        if self.backup is None:
            return
        self.switch_off()
        copy, thanked = self.backup
        shutil.rmtree(self.card)
        shutil.copytree(copy, self.card)
        # What was only on the card that is gone is gone with it.
        self.thanked = set(thanked) | self.received
        self.boot()

    @invariant()
    def nothing_is_there_twice(self) -> None:
        assert [number for number, times in self.in_the_ledger().items() if times > 1] == []

    @invariant()
    def what_was_received_stays(self) -> None:
        assert self.received <= self.in_the_ledger().keys()

    def switch_off(self) -> None:
        self.wire.break_line()
        self.uplink.close()
        self.screen.close()

    def every_name_is_the_persons_own(self) -> None:
        for line in signups.every(self.ledger.database):
            assert line.envelope is not None
            names = sealing.open_envelope(line.envelope, [TRUSTED.sealing], Binding(UNIT, line.key))
            assert names == {"first_name": f"n{line.event.number}"}

    def in_the_ledger(self) -> Counter[int]:
        rows = reading.entries(self.ledger.database, None)
        return Counter(
            json.loads(row.body)["number"]
            for row in rows
            if row.type in (CheckedIn.TYPE, SignedUp.TYPE)
            and row.body is not None
            and row.copy_of is None
        )

    def everything_arrives_once(self) -> None:
        # A restored card that says nothing new cannot be told from the one it was copied from.
        self.people_check_in(1)
        for _ in range(60):
            self.time_passes(LONG_ENOUGH)
            self.messages_cross(100)
            self.ingest_works(twice=False, backwards=False)
            self.answers_come_down()
            if self.thanked <= self.in_the_ledger().keys() and self.nothing_waits():
                return self.every_name_is_the_persons_own()
        missing = sorted(self.thanked - self.in_the_ledger().keys())
        raise AssertionError(f"never arrived: {missing}, waiting: {self.uplink.lanes.backlog}")

    def nothing_waits(self) -> bool:
        self.nothing_is_there_twice()
        for path in journals(self.card):
            with JournalReader.open(path) as reader:
                stored = self.uplink.lanes.of(reader.epoch)
                if stored is None or stored.window.watermark < reader.head:
                    return False
        return True


SHORT = settings(max_examples=25, stateful_step_count=30, deadline=None)
LONG = settings(max_examples=2000, stateful_step_count=80, deadline=None)


@pytest.mark.slow
def test_unit_broker_and_federation_end_equal_after_any_sequence() -> None:
    run_state_machine_as_test(Chain, settings=SHORT)


@pytest.mark.campaign
def test_unit_broker_and_federation_end_equal_after_any_long_sequence() -> None:
    run_state_machine_as_test(Chain, settings=LONG)


def test_an_uplink_that_believes_the_broker_loses_check_ins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control. It must also be kept from noticing a receipt that says less than it believed."""

    def believes(window: Window, _first: int, last: int, now: float, pace: Pace) -> None:
        window.receipted(last, now, pace)

    monkeypatch.setattr(Window, "crossed", believes)
    monkeypatch.setattr(Lanes, "_fall_behind", lambda *_: None)
    chain = Chain()
    chain.people_check_in(5)
    chain.time_passes(3.0)
    chain.the_broker_dies_with_what_it_confirmed(confirmed=6)
    with pytest.raises(AssertionError, match=r"never arrived: \[1, 2, 3, 4, 5\]"):
        chain.teardown()


@pytest.mark.slow
def test_a_card_restored_from_long_before_finds_the_fork_and_goes_on() -> None:
    chain = Chain()
    chain.people_check_in(4000)
    chain.the_card_is_copied()
    chain.everything_arrives_once()
    chain.yesterdays_card_is_put_back()
    chain.people_check_in(5)
    chain.teardown()
