"""When simulated units have no network."""

import pytest

from simulation.places import FLEET
from simulation.standing import Standing
from simulation.weather import Outages, Weather

HOUR = 3_600_000
START = 1_790_000_000_000


def test_outages_take_about_the_share_of_the_time_that_is_asked_for() -> None:
    outages = Outages(share=0.2, minutes=30)
    moments = range(START, START + 2000 * HOUR, HOUR // 6)
    out = sum(outages.back_at("van", 1, moment) is not None for moment in moments)
    assert 0.1 < out / len(moments) < 0.2


def test_an_outage_ends_when_it_said_it_would() -> None:
    outages = Outages(share=0.3, minutes=20)
    moment = next(
        at for at in range(START, START + 50 * HOUR, 60_000) if outages.back_at("van", 1, at)
    )
    back = outages.back_at("van", 1, moment)
    assert back is not None
    assert outages.back_at("van", 1, back - 1) == back
    assert outages.back_at("van", 1, back) != back


def test_units_have_their_outages_apart() -> None:
    outages = Outages(share=0.2, minutes=30)
    moments = range(START, START + 200 * HOUR, HOUR // 6)
    assert [outages.back_at("a", 1, at) for at in moments] != [
        outages.back_at("b", 1, at) for at in moments
    ]


def test_whoever_is_to_fall_silent_has_no_network() -> None:
    silent = next(vehicle for vehicle in FLEET if vehicle.habit == "silent")
    weather, standing = Weather(silent, Outages(), 1), Standing(silent)
    assert weather.has_network(standing, START, since=1.0)
    assert not weather.has_network(standing, START, since=10.0)
    assert Weather(FLEET[0], Outages(), 1).has_network(Standing(FLEET[0]), START, since=10.0)


@pytest.mark.parametrize("text", ["2", "-0.1:30", "0.1:0", "often"])
def test_outages_that_mean_nothing_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Outages.parse(text)
