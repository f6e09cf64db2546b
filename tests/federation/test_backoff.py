"""Workers come back soon, then ever more slowly, and not all at once."""

from federation.backoff import LONGEST, SHORTEST, pause


def test_pauses_double_up_to_the_longest() -> None:
    assert [pause(failures, 1.0) for failures in range(4)] == [0.5, 1.0, 2.0, 4.0]
    assert pause(10_000, 1.0) == LONGEST


def test_the_dice_spread_workers_over_half_the_pause() -> None:
    assert pause(0, 0.0) == SHORTEST / 2
    assert pause(6, 0.0) == LONGEST / 2
