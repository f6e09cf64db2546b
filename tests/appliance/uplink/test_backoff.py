"""Coming back to the broker: soon when alone, spread out when the whole fleet does."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.uplink.backoff import SETTLED, Backoff, Cause, after_failure, while_connected

CHANCES = st.floats(0, 1, exclude_max=True)


@given(st.lists(st.tuples(st.sampled_from(Cause), CHANCES), min_size=1, max_size=40))
def test_no_wait_is_negative_or_longer_than_the_cap_of_its_cause(
    story: list[tuple[Cause, float]],
) -> None:
    state, now = Backoff(), 1000.0
    for cause, chance in story:
        state = after_failure(state, cause, now, chance)
        assert 0 <= state.not_before - now <= cause.value[1]
        now = state.not_before
    assert state.failures == len(story)


@pytest.mark.parametrize("cause", Cause)
def test_the_spread_doubles_with_each_failure_until_its_cap(cause: Cause) -> None:
    first, longest = cause.value
    waits, state = [], Backoff()
    for _ in range(8):
        state = after_failure(state, cause, 0.0, 1.0)
        waits.append(state.not_before)
    assert waits == [min(first * 2**n, longest) for n in range(8)]


def test_failures_are_forgotten_only_once_the_connection_has_lived() -> None:
    tired = Backoff(failures=5, not_before=10.0)
    assert while_connected(tired, since=20.0, now=20.0 + SETTLED - 0.1) == tired
    assert while_connected(tired, since=20.0, now=20.0 + SETTLED) == Backoff()


def connections_per_second(units: int, cause: Cause, dice: random.Random) -> list[int]:
    """First attempts of a fleet that lost its broker at the same instant."""
    starts = [after_failure(Backoff(), cause, 0.0, dice.random()).not_before for _ in range(units)]
    seconds = Counter(int(start) for start in starts)
    return [seconds[second] for second in range(int(cause.value[0]))]


def test_52_units_do_not_storm_a_broker_that_was_restarted() -> None:
    dice = random.Random(52)
    rates = [connections_per_second(52, Cause.BROKER, dice) for _ in range(200)]
    assert sum(map(sum, rates)) / sum(map(len, rates)) <= 5
    assert sorted(map(max, rates))[100] <= 10
    # The control: taken for a trouble of its own link, each unit comes at once.
    assert min(max(connections_per_second(52, Cause.SILENCE, dice)) for _ in range(200)) > 20


def test_an_outage_of_the_broker_leaves_the_fleet_at_about_one_attempt_a_second() -> None:
    dice = random.Random(7)
    attempts: Counter[int] = Counter()
    for _ in range(52):
        state, now = Backoff(), 0.0
        while now < 1200:
            state = after_failure(state, Cause.BROKER, now, dice.random())
            now = state.not_before
            attempts[int(now) // 60] += 1
    assert max(attempts[minute] for minute in range(10, 19)) < 90
