"""Any sequence of sending, losing, doubling, reordering, dying and restoring ends the same.

At the end every fact that is on a card, and every one that was ever receipted, is in the ledger
exactly once, or its bytes are kept in quarantine.
"""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from federation.absorb import EpochState
from federation.config import Store
from federation.ledger import Ledger
from federation.source import Delivery
from federation.twins.queue import Queue
from protocol.row import Row
from tests.postgresql import PostgreSQL

from .bench import Bench, ingest_on, link, numbers
from .van import Van

anywhere = st.integers(0, 10_000)


def facts(van: Van, first: int = 1, last: int = 10**9) -> list[int]:
    """Which facts are on the card, in this journal."""
    bodies = [r.body for r in van.rows if isinstance(r, Row) and first <= r.seq <= last]
    return numbers(bodies)


class Killed(BaseException):
    """kill -9, as far as one process can play it."""


class Sync(RuleBasedStateMachine):
    """A van, a network that does as it likes, ingest, a ledger."""

    server: PostgreSQL | None = None
    """Where ledgers are made; None: in files."""

    def __init__(self) -> None:
        super().__init__()
        folder = Path(tempfile.mkdtemp())
        address = self.server and self.server.fresh(template="ledger")
        self.store = Store(data=folder, postgresql=address)
        self.clock, self.count = 1_700_000_000_000, 0
        self.queue = Queue()
        self.network: list[Delivery] = []
        self.acknowledged: set[int] = set()
        self.unread: set[int] = set()
        self.forked = False
        self.open()

    def open(self) -> None:
        self.ledger = Ledger.open(self.store)
        ingest = ingest_on(self.ledger, self.queue, self.store, self.utc)
        self.bench = Bench(self.ledger, self.queue, ingest, self.store)

    def utc(self) -> int:
        self.clock += 1000
        return self.clock

    def teardown(self) -> None:
        try:
            self.everything_arrives_once()
        finally:
            self.ledger.close()
            shutil.rmtree(self.store.data)
            if self.server is not None and self.store.postgresql is not None:
                self.server.drop(self.store.postgresql)

    @initialize(size=st.integers(0, 8))
    def a_van_at_work(self, size: int) -> None:
        self.van = Van()
        self.write(size)
        self.copy = self.van.restored()

    @rule(size=st.integers(1, 6))
    def write(self, size: int) -> None:
        for _ in range(size):
            self.count += 1
            self.van.note(self.count)

    @rule(size=st.integers(1, 5), skip=st.integers(0, 4), which=anywhere)
    def send(self, size: int, skip: int, which: int) -> None:
        journals = [journal for journal in self.van.journals() if journal.cursor < journal.head]
        if journals:
            journal = journals[which % len(journals)]
            first = min(journal.cursor + 1 + skip, journal.head)
            self.network.append(journal.delivery(first, min(journal.head, first + size - 1)))

    @precondition(lambda self: self.network)
    @rule(which=anywhere)
    def arrive(self, which: int) -> None:
        self.bench.arrive(self.network.pop(which % len(self.network)))

    @precondition(lambda self: self.network)
    @rule()
    def arrive_together(self) -> None:
        arriving, self.network = self.network, []
        self.bench.arrive(*arriving)

    @precondition(lambda self: self.network)
    @rule(which=anywhere)
    def double(self, which: int) -> None:
        self.network.append(self.network[which % len(self.network)])

    @precondition(lambda self: self.network)
    @rule(which=anywhere)
    def lose(self, which: int) -> None:
        self.network.pop(which % len(self.network))

    @rule()
    def listen(self) -> None:
        if self.bench.receipts():
            self.hear()

    @rule()
    def be_born(self) -> None:
        self.bench.arrive(link())
        self.hear()

    @precondition(lambda self: self.network)
    @rule()
    def ingest_dies_before_it_commits(self) -> None:
        self.die(self.ledger, "receipts")

    @precondition(lambda self: self.network)
    @rule()
    def ingest_dies_before_it_confirms(self) -> None:
        self.die(self.queue, "confirm")

    def die(self, part: object, where: str) -> None:
        """What is in the network reaches ingest, which dies there; the broker gives it again."""

        def killed(*_: object) -> None:
            raise Killed

        arriving, self.network = self.network, []
        setattr(part, where, killed)
        with pytest.raises(Killed):
            self.bench.arrive(*arriving)
        delattr(part, where)
        self.reopen()
        self.bench.step()

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.open()

    @rule()
    def back_up_the_card(self) -> None:
        self.copy = self.van.restored()

    @rule()
    def restore_the_card(self) -> None:
        self.van, self.forked = self.copy.restored(), True

    @rule()
    def both_clones_go_on(self) -> None:
        self.van, self.copy, self.forked = self.copy, self.van, True

    @invariant()
    def no_fact_is_there_twice(self) -> None:
        found = numbers(self.bench.bodies())
        assert len(found) == len(set(found))

    @invariant()
    def what_was_acknowledged_is_there(self) -> None:
        assert self.acknowledged <= set(numbers(self.bench.bodies())) | self.unread

    def hear(self) -> None:
        self.van.heard(self.bench.receipt())
        for journal in self.van.journals():
            self.acknowledged.update(facts(journal, last=journal.cursor))

    def everything_arrives_once(self) -> None:
        if not hasattr(self, "van"):
            return
        self.bench.arrive(*self.network)
        cards = [self.van, self.copy] if self.forked else [self.van]
        for card in cards:
            # Until it writes again nobody can tell of a restored card that it was restored.
            self.van = card
            self.write(1)
            self.bench.drain(card, rounds=100)
        found = numbers(self.bench.bodies())
        on_cards = {n for card in cards for j in card.journals() for n in facts(j)}
        assert len(found) == len(set(found))
        assert on_cards | self.acknowledged <= set(found) | self.unread


class Unreadable(Sync):
    """The same without forks, with batches that cannot be read."""

    restore_the_card = both_clones_go_on = None  # type: ignore[assignment]

    @precondition(lambda self: self.van.cursor < self.van.head)
    @rule(size=st.integers(1, 5), skip=st.integers(0, 4))
    def send_damaged(self, size: int, skip: int) -> None:
        first = min(self.van.cursor + 1 + skip, self.van.head)
        last = min(self.van.head, first + size - 1)
        self.unread.update(facts(self.van, first, last))
        self.network.append(self.van.delivery(first, last, damaged=True))


def test_the_shorter_of_two_clones_comes_to_its_end_by_what_is_proved_to_it() -> None:
    state = Sync()
    state.a_van_at_work(size=5)
    state.write(size=1)
    state.send(size=3, skip=0, which=0)
    state.arrive_together()
    state.both_clones_go_on()
    state.be_born()
    state.write(size=1)
    state.both_clones_go_on()
    state.send(size=2, skip=4, which=0)
    state.both_clones_go_on()
    state.send(size=1, skip=2, which=0)
    state.arrive_together()
    state.back_up_the_card()
    state.listen()
    state.teardown()


SHORT = settings(max_examples=30, stateful_step_count=30, deadline=None)
LONG = settings(max_examples=2000, stateful_step_count=50, deadline=None)


@pytest.mark.parametrize("machine", [Sync, Unreadable])
def test_any_sequence_ends_with_every_fact_once(machine: type[Sync]) -> None:
    run_state_machine_as_test(machine, settings=SHORT)


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Sync, Unreadable])
def test_any_sequence_ends_so_in_postgresql(machine: type[Sync], server: PostgreSQL) -> None:
    there = type(machine.__name__, (machine,), {"server": server})
    run_state_machine_as_test(there, settings=settings(SHORT, max_examples=12))


@pytest.mark.campaign
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("machine", [Sync, Unreadable])
def test_any_long_sequence_ends_with_every_fact_once(machine: type[Sync]) -> None:
    run_state_machine_as_test(machine, settings=LONG)


def test_a_receipt_for_the_highest_seq_seen_would_lose_facts(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    highest = property(lambda state: state.counted[-1].last if state.counted else 0)
    monkeypatch.setattr(EpochState, "stored_to", highest)
    van = Van().notes(40)
    bench.arrive(van.delivery(21, 40))  # the batch before it was lost on the way
    van.heard(bench.receipt())
    bench.drain(van)
    assert numbers(bench.bodies()) == list(range(21, 41))
