"""Sending ahead of the receipts, and going back when they stop: nothing skipped, little twice."""

import random
from collections import deque

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from appliance.uplink.pace import MOST_PATIENCE, MOST_ROWS, Pace
from appliance.uplink.window import FEW, Window


def send(window: Window, rows: int, now: float = 0.0, size: int = 1000) -> tuple[int, int]:
    first, last = window.next, window.next + rows - 1
    window.sent(first, last, size, now)
    return first, last


def test_batches_leave_ahead_of_their_receipts_and_one_receipt_stands_for_several() -> None:
    window, pace = Window(0), Pace()
    assert [send(window, 100) for _ in range(3)] == [(1, 100), (101, 200), (201, 300)]
    window.receipted(200, 0.5, pace)
    assert (window.watermark, window.next, window.under_way) == (200, 301, 1000)


def test_only_a_few_batches_leave_before_the_first_receipt() -> None:
    window, pace = Window(0), Pace()
    for _ in range(FEW):
        assert window.open
        send(window, 10)
    assert not window.open
    window.receipted(10, 0.1, pace)
    assert window.open


def test_patience_begins_when_the_broker_has_the_batch() -> None:
    window, pace = Window(0), Pace()
    first, last = send(window, 100, now=0.0)
    assert not window.overdue(3600.0, pace.patience)
    window.crossed(first, last, 3600.0, pace)
    assert not window.overdue(3601.0, 2.0)
    assert window.overdue(3602.1, 2.0)


def test_any_progress_gives_new_patience() -> None:
    window, pace = Window(0), Pace()
    for first, last in [send(window, 10), send(window, 10)]:
        window.crossed(first, last, 0.1, pace)
    window.receipted(10, 5.0, pace)
    assert not window.overdue(6.9, 2.0)
    assert window.overdue(7.1, 2.0)


def test_going_back_sends_one_batch_until_it_is_known_what_arrived() -> None:
    window, pace = Window(0), Pace()
    for _ in range(FEW):
        send(window, 100)
    window.go_back()
    assert send(window, 50) == (1, 50)
    assert not window.open
    # The first ones had only been slow: the receipt says so, and none of them is sent again.
    window.receipted(400, 9.0, pace)
    assert (window.next, window.open, window.resent) == (401, True, 50)
    # A batch sent twice measures nothing.
    assert pace.round_trip is None


def test_what_was_lost_is_sent_again_from_the_watermark_on() -> None:
    window, pace = Window(0), Pace()
    for _ in range(FEW):
        send(window, 100)
    window.receipted(100, 0.2, pace)
    window.go_back()
    assert send(window, 50) == (101, 150)
    window.receipted(150, 3.0, pace)
    assert [send(window, 50), send(window, 50)] == [(151, 200), (201, 250)]


def test_a_ledger_that_fell_behind_is_sent_everything_from_there() -> None:
    window, pace = Window(500), Pace()
    window.rewind(200)
    assert send(window, 100) == (201, 300)
    window.receipted(300, 1.0, pace)
    assert (window.watermark, window.resent) == (300, 0)


def test_patience_grows_with_the_round_trip_and_doubles_with_each_doubt() -> None:
    pace = Pace()
    assert pace.patience == 2.0
    for _ in range(100):
        pace.receipted(3.0)
    assert pace.patience == pytest.approx(12.0)
    pace.doubted()
    assert pace.patience == pytest.approx(24.0)
    for _ in range(30):
        pace.doubted()
    assert pace.patience == MOST_PATIENCE
    pace.receipted(3.0)
    assert pace.patience == pytest.approx(12.0)


def test_batches_shrink_on_a_bad_link_and_grow_again() -> None:
    pace = Pace()
    seen = [pace.rows]
    for _ in range(3):
        pace.interrupted()
        seen.append(pace.rows)
    assert seen == [400, 200, 100, 50]
    assert not pace.good
    for _ in range(100):
        pace.receipted(1.0)
    assert pace.rows == 400
    assert pace.good


def test_batches_are_as_large_as_the_link_is_quick() -> None:
    pace = Pace()
    sizes = []
    for crossing in (0.01, 1.0, 5.0, 1.0):
        for _ in range(100):
            pace.crossed(crossing)
            pace.receipted(crossing)
        sizes.append(pace.rows)
    assert sizes == [MOST_ROWS[-1], 400, 200, 400]
    pace.crossing = 0.01
    pace.interrupted()
    assert pace.rows == 200


class Federation:
    """A ledger of seqs behind a link that loses batches and receipts when told to."""

    def __init__(self) -> None:
        self.rows: set[int] = set()

    @property
    def stored_to(self) -> int:
        seq = 0
        while seq + 1 in self.rows:
            seq += 1
        return seq


class Sending(RuleBasedStateMachine):
    """Any order of loss, delay, reconnection and doubt."""

    def __init__(self) -> None:
        super().__init__()
        self.window, self.pace, self.federation = Window(0), Pace(), Federation()
        self.air: deque[tuple[int, int]] = deque()
        self.receipts: list[int] = [0]
        self.now = 0.0

    @precondition(lambda self: self.window.open)
    @rule(rows=st.integers(1, 100))
    def send(self, rows: int) -> None:
        self.air.append(send(self.window, rows, self.now))

    @precondition(lambda self: self.air)
    @rule(lost=st.booleans())
    def arrive(self, lost: bool) -> None:
        first, last = self.air.popleft()
        self.window.crossed(first, last, self.now, self.pace)
        if not lost:
            self.federation.rows.update(range(first, last + 1))
            self.receipts.append(self.federation.stored_to)

    @rule(which=st.floats(0, 1))
    def receive_any_receipt_ever_given(self, which: float) -> None:
        self.window.receipted(
            self.receipts[int(which * (len(self.receipts) - 1))], self.now, self.pace
        )

    @rule(seconds=st.floats(0, 500))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        if self.window.overdue(self.now, self.pace.patience):
            self.pace.doubted()
            self.window.go_back()

    @rule()
    def reconnect(self) -> None:
        self.air.clear()
        self.window.reconnected()

    @invariant()
    def nothing_counts_as_stored_that_is_not(self) -> None:
        assert self.window.watermark <= self.federation.stored_to

    @invariant()
    def the_window_has_no_hole(self) -> None:
        expected = self.window.watermark + 1
        for flight in self.window.flights:
            assert flight.first <= expected <= flight.last
            expected = flight.last + 1
        assert self.window.next == max(expected, self.window.watermark + 1)

    def teardown(self) -> None:
        """However it went, a good link brings everything over."""
        goal = self.window.sent_to + 1
        self.air.clear()
        self.window.reconnected()
        for _ in range(10_000):
            if self.window.watermark >= goal:
                return
            if self.window.next <= goal and self.window.open:
                first, last = send(self.window, min(50, goal - self.window.next + 1), self.now)
                self.window.crossed(first, last, self.now, self.pace)
                self.federation.rows.update(range(first, last + 1))
            self.window.receipted(self.federation.stored_to, self.now, self.pace)
        raise AssertionError("it never came to an end")


TestSending = Sending.TestCase
TestSending.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def miserable_link(*, patience_from_crossing: bool, dice: random.Random) -> float:
    """Rows sent per row stored, where each batch may sit in the socket for half a minute."""
    window, pace = Window(0), Pace()
    arrivals: list[tuple[float, int, int]] = []
    now = free = 0.0
    stored = 0
    while stored < 40_000:
        now += 0.25
        while arrivals and arrivals[0][0] <= now:
            _, first, last = arrivals.pop(0)
            window.crossed(first, last, now, pace)
            if first <= stored + 1:
                stored = max(stored, last)
            window.receipted(stored, now, pace)
        while window.open and len(window.flights) < 20:
            first, last = send(window, pace.rows, now)
            if not patience_from_crossing:
                window.flights[-1].crossed = now
            stall = dice.uniform(5, 30) if dice.random() < 0.1 else 0.1
            free = max(free, now) + stall
            arrivals.append((free, first, last))
        if window.overdue(now, pace.patience):
            pace.doubted()
            window.go_back()
    return window.resent / stored


def test_a_link_that_stalls_is_not_taken_for_one_that_loses() -> None:
    seeds = range(8)
    ours = [miserable_link(patience_from_crossing=True, dice=random.Random(s)) for s in seeds]
    assert ours == [0] * 8
    # The control: patience from the moment of publishing sends a good part of it twice.
    naive = [miserable_link(patience_from_crossing=False, dice=random.Random(s)) for s in seeds]
    assert max(naive) > 0.1
