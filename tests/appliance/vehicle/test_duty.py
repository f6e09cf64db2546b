"""A service that was forgotten ends by itself, one that goes on does not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from appliance.vehicle.duty import AT_DEPOT, LONGEST, Shift, forgotten, minutes_left

CAYENNE = ZoneInfo("America/Cayenne")


def at(hour: int, minute: int = 0, *, day: int = 3) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=CAYENNE)


@pytest.mark.parametrize(
    ("shift", "reason"),
    [
        (Shift(lasted=0), None),
        (Shift(lasted=LONGEST - 1), None),
        (Shift(lasted=LONGEST), "hour"),
        (Shift(lasted=None), None),
        (Shift(lasted=0, began=at(8), now=at(21, 59)), None),
        (Shift(lasted=0, began=at(8), now=at(22)), "hour"),
        (Shift(lasted=0, began=at(8), now=at(1, day=4)), "hour"),
        (Shift(lasted=0, began=at(20), now=at(23)), None),
        (Shift(lasted=0, began=at(8), now=at(13), last_closes=12 * 60), "plan"),
        (Shift(lasted=0, began=at(8), now=at(12, 59), last_closes=12 * 60), None),
        (Shift(lasted=0, began=at(8), now=at(13), last_word=at(9), last_closes=12 * 60), "plan"),
        (Shift(lasted=0, began=at(8), now=at(13), last_word=at(12, 40), last_closes=720), None),
        (
            Shift(lasted=0, began=at(8), now=at(13, 40), last_word=at(12, 40), last_closes=720),
            "plan",
        ),
        (Shift(lasted=0, began=at(13), now=at(16), last_closes=12 * 60), None),
        (Shift(lasted=0, been_out=True, at_depot=AT_DEPOT), "depot"),
        (Shift(lasted=0, been_out=True, at_depot=AT_DEPOT - 1), None),
        (Shift(lasted=0, been_out=False, at_depot=AT_DEPOT), None),
        (Shift(lasted=0, been_out=True, at_depot=None), None),
    ],
)
def test_a_service_ends_by_itself_when_it_must_have_been_forgotten(
    shift: Shift, reason: str | None
) -> None:
    assert forgotten(shift) == reason


@pytest.mark.parametrize(
    ("shift", "left"),
    [
        (Shift(lasted=0, began=at(8), now=at(12, 29), last_closes=12 * 60), None),
        (Shift(lasted=0, began=at(8), now=at(12, 30), last_closes=12 * 60), 30),
        (Shift(lasted=0, began=at(8), now=at(12, 59), last_closes=12 * 60), 1),
        (Shift(lasted=0, began=at(8), now=at(12, 59), last_word=at(12, 50), last_closes=720), None),
        (Shift(lasted=0, began=at(8), now=at(12, 30), last_closes=None), None),
        (Shift(lasted=0), None),
    ],
)
def test_half_an_hour_before_its_plan_ends_it_the_driver_is_asked(
    shift: Shift, left: int | None
) -> None:
    assert minutes_left(shift) == left
