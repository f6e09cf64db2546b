"""Stops folded from what the receiver and the driver told."""

import itertools
from typing import Any

import pytest

from protocol.event import Event, Key
from protocol.stop_fold import Stop, Told, fold
from protocol.stops import Arrived, Corrected, Departed

MINUTE = 60_000
GPS, DRIVER = 1, 2
"""Epochs of the vehicle's and the screen's journal."""


def told(epoch: int, seq: int, minute: int, event: Event, origin: Key | None = None) -> Told:
    return Told(Key(epoch, seq), origin, minute * MINUTE, minute * MINUTE, event)


def stop(key: Key, **known: Any) -> Stop:
    for field in ("arrived", "departed"):
        if field in known:
            known[field] *= MINUTE
    return Stop(id=key, open="departed" not in known, **known)


def test_a_stop_seen_by_the_receiver_alone() -> None:
    lines = [
        told(GPS, 1, 13, Arrived(source="gps", ago=3 * MINUTE, lat=45.0, lon=3.0, commune="15014")),
        told(GPS, 2, 61, Departed(source="gps", stop=Key(GPS, 1), ago=MINUTE)),
    ]
    assert fold(lines) == [
        stop(Key(GPS, 1), source="gps", arrived=10, departed=60, lat=45.0, lon=3.0, commune="15014")
    ]


def test_a_stop_that_is_open_has_no_departure() -> None:
    assert fold([told(GPS, 1, 10, Arrived(source="gps"))]) == [
        stop(Key(GPS, 1), source="gps", arrived=10)
    ]


def test_the_drivers_word_alone_is_a_stop() -> None:
    lines = [
        told(DRIVER, 1, 10, Arrived(source="driver", name="Marché")),
        told(DRIVER, 2, 60, Departed(source="driver")),
    ]
    assert fold(lines) == [
        stop(Key(DRIVER, 1), source="driver", arrived=10, departed=60, name="Marché")
    ]


MERGED = [
    told(DRIVER, 1, 10, Arrived(source="driver", name="Marché")),
    told(
        GPS, 1, 13, Arrived(source="both", ago=3 * MINUTE, cites=Key(DRIVER, 1), lat=1.0, lon=2.0)
    ),
    told(DRIVER, 2, 58, Departed(source="driver")),
    told(
        GPS, 2, 60, Departed(source="both", stop=Key(GPS, 1), ago=2 * MINUTE, cites=Key(DRIVER, 2))
    ),
]


@pytest.mark.parametrize("lines", list(itertools.permutations(MERGED)))
def test_the_merged_stop_takes_the_drivers_word_in(lines: tuple[Told, ...]) -> None:
    assert fold(lines) == [
        stop(Key(GPS, 1), source="both", arrived=10, departed=58, name="Marché", lat=1.0, lon=2.0)
    ]


def test_a_merge_told_after_the_receivers_word_keeps_its_id() -> None:
    lines = [
        told(GPS, 1, 13, Arrived(source="gps", ago=2 * MINUTE, lat=1.0, lon=2.0)),
        told(DRIVER, 1, 14, Arrived(source="driver", ago=0)),
        told(
            GPS,
            2,
            14,
            Arrived(source="both", ago=4 * MINUTE, stop=Key(GPS, 1), cites=Key(DRIVER, 1)),
        ),
    ]
    assert fold(lines) == [stop(Key(GPS, 1), source="both", arrived=10, lat=1.0, lon=2.0)]


def test_a_drivers_word_that_is_dated_after_the_merge_changes_nothing() -> None:
    lines = [
        told(GPS, 1, 13, Arrived(source="both", ago=3 * MINUTE, cites=Key(DRIVER, 1))),
        told(DRIVER, 1, 20, Arrived(source="driver")),
    ]
    assert fold(lines) == [stop(Key(GPS, 1), source="both", arrived=10)]


def test_corrections_replace_what_was_known() -> None:
    key = Key(GPS, 1)
    lines = [
        told(GPS, 1, 10, Arrived(source="gps", lat=1.0, lon=2.0)),
        told(GPS, 2, 30, Departed(source="gps", stop=key)),
        told(GPS, 3, 40, Corrected(stop=key, still_there=True, arrived_ago=35 * MINUTE)),
        told(GPS, 4, 41, Corrected(stop=key, lat=3.0, lon=4.0)),
    ]
    assert fold(lines) == [stop(key, source="gps", arrived=5, lat=3.0, lon=4.0)]


def test_two_stops_that_were_one_become_the_first() -> None:
    first, second = Key(GPS, 1), Key(GPS, 3)
    lines = [
        told(GPS, 1, 10, Arrived(source="gps")),
        told(GPS, 2, 30, Departed(source="gps", stop=first)),
        told(GPS, 3, 32, Arrived(source="gps")),
        told(GPS, 4, 33, Corrected(stop=second, merged_into=first)),
        told(GPS, 5, 60, Departed(source="gps", stop=second)),
    ]
    assert fold(lines) == [stop(first, source="gps", arrived=10, departed=60)]


def test_cancelled_stops_and_trials_are_left_out() -> None:
    lines = [
        told(GPS, 1, 10, Arrived(source="gps")),
        told(GPS, 2, 11, Corrected(stop=Key(GPS, 1), cancelled=True)),
        told(GPS, 3, 20, Arrived(source="gps", trial=True)),
    ]
    assert fold(lines) == []


def test_references_follow_a_rotated_journal() -> None:
    lines = [
        told(9, 1, 10, Arrived(source="gps"), origin=Key(GPS, 21)),
        told(9, 2, 30, Departed(source="gps", stop=Key(GPS, 21)), origin=Key(GPS, 22)),
    ]
    assert fold(lines) == [stop(Key(9, 1), source="gps", arrived=10, departed=30)]


def test_a_departure_from_a_stop_nobody_told_of_is_kept() -> None:
    lines = [told(GPS, 2, 30, Departed(source="gps", stop=Key(GPS, 1)))]
    assert fold(lines) == [stop(Key(GPS, 1), departed=30)]


def test_names_that_chase_each_other_do_not_hang() -> None:
    one, two = Key(GPS, 1), Key(GPS, 2)
    lines = [
        told(GPS, 1, 10, Arrived(source="gps")),
        told(GPS, 2, 20, Arrived(source="gps")),
        told(GPS, 3, 30, Corrected(stop=one, merged_into=two)),
        told(GPS, 4, 31, Corrected(stop=two, merged_into=one)),
        told(GPS, 5, 32, Corrected(stop=one, merged_into=one)),
        told(GPS, 6, 33, Arrived(source="both", stop=one, cites=one)),
    ]
    assert len(fold(lines)) == 1


def test_a_stop_of_an_undated_boot_has_no_times() -> None:
    line = Told(Key(GPS, 1), None, None, 5, Arrived(source="gps", ago=1))
    assert fold([line]) == [Stop(id=Key(GPS, 1), source="gps")]
