"""Which time of a receiver is believed: the acceptance rule, its repairs, and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.clock import Anchor, utc_at
from appliance.discipline import RELEASED, ROLLOVER, ClockDiscipline, plausible
from appliance.gps.fix import Fix

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
FLOOR = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp() * 1000)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ms(time: datetime) -> int:
    return (time - EPOCH) // timedelta(milliseconds=1)


def a_fix(time: datetime | None, *, valid: bool = True, dated: bool = True) -> Fix:
    return Fix(time=time, lat=48.0, lon=2.0, speed=0.0, mode=3, dated=dated, valid=valid)


def seen(
    discipline: ClockDiscipline,
    start: datetime,
    *,
    count: int,
    boottime: int = 100_000,
    valid: bool = True,
    step: float = 1.0,
) -> list[Anchor]:
    """The anchors made by `count` epochs one second of boot time apart."""
    anchors = []
    for index in range(count):
        fix = a_fix(start + timedelta(seconds=index * step), valid=valid)
        anchor = discipline.see(boottime + index * 1000, fix)
        if anchor is not None:
            anchors.append(anchor)
    return anchors


def test_three_epochs_that_advance_with_the_boot_are_believed() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    assert seen(discipline, NOON, count=2) == []
    anchor = discipline.see(102_000, a_fix(NOON + timedelta(seconds=2)))
    assert anchor == Anchor("boot-1", 102_000, ms(NOON) + 2000, "gps", 1000)
    assert utc_at(anchor, 40_000) == ms(NOON) - 60_000


def test_the_median_of_late_readings_counts_not_the_latest() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    for boottime, second in ((100_100, 0), (101_400, 1), (102_150, 2)):
        discipline.see(boottime, a_fix(NOON + timedelta(seconds=second)))
    assert discipline.anchor is not None
    assert utc_at(discipline.anchor, 100_150) == ms(NOON)


@pytest.mark.parametrize("step", [0.0, 0.4, 1.6, -1.0])
def test_a_time_that_does_not_advance_with_the_boot_is_not_believed(step: float) -> None:
    assert seen(ClockDiscipline("boot-1", FLOOR), NOON, count=100, step=step) == []


def test_a_burst_read_after_a_stall_is_one_witness() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    for tenth in range(30):
        fix = a_fix(NOON + timedelta(seconds=tenth / 10))
        assert discipline.see(100_000 + tenth, fix) is None


def test_a_void_sentence_is_a_hint_only() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    assert seen(discipline, NOON, count=100, valid=False) == []
    seen(discipline, NOON, count=2, boottime=300_000)
    discipline.see(302_000, a_fix(NOON + timedelta(seconds=2), valid=False))
    assert seen(discipline, NOON + timedelta(seconds=3), count=2, boottime=303_000) == []


def test_a_time_without_its_own_date_says_nothing() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    for index in range(10):
        fix = a_fix(NOON + timedelta(seconds=index), dated=False)
        assert discipline.see(100_000 + 1000 * index, fix) is None
    assert discipline.see(200_000, a_fix(None)) is None


@pytest.mark.parametrize("turns", [1, 2])
def test_a_receiver_1024_weeks_behind_is_repaired(turns: int) -> None:
    told = NOON - timedelta(weeks=1024 * turns)
    discipline = ClockDiscipline("boot-1", FLOOR)
    (anchor,) = seen(discipline, told, count=3)
    assert utc_at(anchor, 100_000) == ms(NOON)


@pytest.mark.parametrize(
    "told",
    [
        datetime(1980, 1, 6, tzinfo=UTC),
        datetime(1999, 8, 22, tzinfo=UTC) - timedelta(weeks=1024),
        datetime(2026, 5, 31, 23, tzinfo=UTC),
        datetime(2079, 12, 31, tzinfo=UTC),
    ],
)
def test_a_date_that_cannot_be_true_is_refused_and_counted(told: datetime) -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    assert seen(discipline, told, count=100) == []
    assert discipline.refused == 100


def test_without_any_saved_time_the_floor_is_the_release() -> None:
    assert plausible(RELEASED - 1, RELEASED) is None
    assert plausible(RELEASED, RELEASED) == RELEASED
    discipline = ClockDiscipline("boot-1", 0)
    assert seen(discipline, datetime(2025, 12, 31, tzinfo=UTC), count=10) == []


@pytest.mark.parametrize("shift", [-3, -2, -1, 1, 2, 3])
def test_leap_seconds_learnt_late_date_the_boot_again(shift: int) -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    seen(discipline, NOON, count=30)
    later = NOON + timedelta(seconds=600 + shift)
    (anchor,) = seen(discipline, later, count=12, boottime=700_000)
    assert utc_at(anchor, 100_000) == ms(NOON) + shift * 1000


def test_a_shorter_hiccup_moves_nothing() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    seen(discipline, NOON, count=30)
    assert seen(discipline, NOON + timedelta(seconds=602), count=9, boottime=700_000) == []
    assert seen(discipline, NOON + timedelta(seconds=640), count=9, boottime=740_000) == []


def test_a_receiver_that_mends_its_date_after_a_minute_is_believed_even_backwards() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    seen(discipline, NOON + timedelta(days=900), count=10)
    assert seen(discipline, NOON, count=59, boottime=700_000) == []
    (anchor,) = seen(discipline, NOON + timedelta(seconds=59), count=1, boottime=759_000)
    assert utc_at(anchor, 700_000) == ms(NOON)


def test_an_anchor_of_another_boot_is_forgotten() -> None:
    former = Anchor("boot-1", 102_000, ms(NOON), "gps", 1000)
    assert ClockDiscipline("boot-2", FLOOR, former).anchor is None
    assert ClockDiscipline("boot-1", FLOOR, former).anchor == former


def test_the_kernels_word_is_used_until_a_fix_comes() -> None:
    discipline = ClockDiscipline("boot-1", FLOOR)
    kernel = Anchor("boot-1", 50_000, ms(NOON), "ntp", 20)
    assert discipline.hear_kernel(None) is None
    assert discipline.hear_kernel(Anchor("boot-1", 50_000, FLOOR - 1, "ntp", 20)) is None
    assert discipline.hear_kernel(kernel) == kernel
    again = Anchor("boot-1", 60_000, ms(NOON) + 10_010, "ntp", 20)
    assert discipline.hear_kernel(again) is None
    (anchor,) = seen(discipline, NOON + timedelta(seconds=50), count=3)
    assert anchor.source == "gps"
    assert discipline.hear_kernel(Anchor("boot-1", 110_000, ms(NOON), "ntp", 20)) is None


class Heard(NamedTuple):
    """One epoch: boot time since the one before, and what the receiver makes of it."""

    gap: int
    jump: datetime | None
    """The date it leaps to; None: it goes on by the gap and the drift."""
    drift: int
    valid: bool
    dated: bool


TIMES = st.integers(315_532_800, 3_471_292_800).map(lambda s: datetime.fromtimestamp(s, UTC))
EPOCHS = st.lists(
    st.builds(
        Heard,
        gap=st.sampled_from([0, 100, 1000, 1000, 5000]),
        jump=st.one_of(st.none(), st.none(), st.none(), st.none(), TIMES),
        drift=st.sampled_from([0, 0, 0, 400, -400, 600, -1000]),
        valid=st.sampled_from([True, True, True, False]),
        dated=st.sampled_from([True, True, True, False]),
    ),
    max_size=60,
)


@settings(max_examples=400, deadline=None)
@given(start=TIMES, epochs=EPOCHS, floor=st.integers(RELEASED, RELEASED + ROLLOVER))
def test_whatever_a_receiver_says_no_time_below_the_floor_or_unproven_is_believed(
    start: datetime, epochs: list[Heard], floor: int
) -> None:
    discipline = ClockDiscipline("boot-1", floor)
    boottime, told, witnesses = 100_000, start, 0
    for heard in epochs:
        boottime += heard.gap
        told = heard.jump or told + timedelta(milliseconds=heard.gap + heard.drift)
        sure = heard.valid and heard.dated
        witnesses += sure
        anchor = discipline.see(boottime, a_fix(told, valid=heard.valid, dated=heard.dated))
        if anchor is not None:
            assert sure
            assert witnesses >= 3
            assert floor <= anchor.utc < floor + ROLLOVER
            meant = plausible(ms(told), floor)
            assert meant is not None
            assert abs(anchor.utc - meant) < 1000
