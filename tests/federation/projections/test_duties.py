"""Periods of duty, as the driver and the vehicle tell of them in two journals."""

from federation.projections.duties import duties
from protocol.duty import Ended, Paused, Resumed, Started

from .ground import NOON
from .told import MINUTE, PARIS, words


def periods(*events: object) -> list[tuple[int, int | None, int]]:
    found = duties(words(*events), PARIS)  # type: ignore[arg-type]
    return [
        (
            (row.started - NOON) // MINUTE,
            None if row.ended is None else (row.ended - NOON) // MINUTE,
            row.paused_ms // MINUTE,
        )
        for row in found
    ]


def test_a_period_goes_from_start_to_end_without_its_breaks() -> None:
    assert periods(Started(), Paused(), Resumed(), Ended(), Started()) == [(1, 4, 1), (5, None, 0)]


def test_told_again_it_goes_on_and_a_break_is_over() -> None:
    assert periods(Started(), Started(), Paused(), Started(), Ended()) == [(1, 5, 1)]


def test_a_break_that_nobody_ended_ends_with_the_service() -> None:
    assert periods(Started(), Paused(), Ended()) == [(1, 3, 1)]


def test_what_comes_before_a_start_or_is_rehearsed_is_nothing() -> None:
    assert periods(Ended(), Paused(), Started(trial=True), Ended()) == []


def test_the_vehicle_may_end_what_the_driver_began_whatever_its_epoch() -> None:
    begun = words(Started(), epoch=9)
    ended = words(Paused(trial=True), Ended(), epoch=2)
    (row,) = duties([*ended, *begun], PARIS)
    assert (row.epoch, row.ended) == (9, NOON + 2 * MINUTE)
