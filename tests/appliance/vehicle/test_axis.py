"""The line of seconds that stops are found on."""

import pytest

from appliance.vehicle.axis import UNKNOWN_GAP, Axis

NOON = 1_773_748_800.0


def length(*moves: tuple[float | None, str, float]) -> float:
    """Seconds gone by between the first and the last of (told, boot, seconds of that boot)."""
    axis = Axis()
    first = 0.0
    for index, (told, boot, awake) in enumerate(moves):
        utc = None if told is None else NOON + told
        axis = axis.moved(utc, boot, round(awake * 1000))
        first = axis.seconds if index == 0 else first
    return axis.seconds - first


@pytest.mark.parametrize(
    ("moves", "seconds"),
    [
        ([(0, "a", 100.0), (1, "a", 101.3), (2, "a", 101.9)], 2),
        ([(None, "a", 100.0), (None, "a", 101.3)], 1.3),
        ([(None, "a", 100.0), (1, "a", 101.0), (2, "a", 102.4)], 2),
        ([(5, "a", 100.0), (3, "a", 101.0)], 1),
        ([(0, "a", 100.0), (-86400.0 * 7168, "a", 101.0)], 1),
        ([(0, "a", 100.0), (86400.0 * 7168, "a", 101.0)], 1),
        ([(0, "a", 900.0), (300, "b", 20.0)], 300),
        ([(0, "a", 900.0), (None, "b", 20.0)], UNKNOWN_GAP),
        ([(0, "a", 900.0), (None, "b", 20.0), (1000, "b", 25.0)], 1000),
        ([(0, "a", 900.0), (None, "b", 20.0), (300, "b", 25.0)], UNKNOWN_GAP + 5),
        ([(None, "a", 900.0), (0, "b", 20.0), (1, "b", 21.0)], UNKNOWN_GAP + 1),
        ([(0, "a", 100.0), (3600, "a", 101.0)], 3600),
    ],
)
def test_seconds_are_the_receivers_where_it_tells_them_else_of_the_boot(
    moves: list[tuple[float | None, str, float]], seconds: float
) -> None:
    assert length(*moves) == pytest.approx(seconds)


def test_a_point_of_the_line_has_its_boottime_even_before_the_boot() -> None:
    axis = Axis().moved(NOON, "b", 20_000)
    assert axis.boottime_of(axis.seconds - 3) == 17_000
    assert axis.boottime_of(axis.seconds - 300) == -280_000
