"""The vehicle at work on a real serial line: what its journal says at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.stops import Arrived, Departed
from tests.appliance.vehicle.van import Van


@pytest.fixture
def van(tmp_path: Path) -> Iterator[Van]:
    van = Van(tmp_path)
    yield van
    van.close()


def test_a_stop_is_logged_with_its_place_and_its_true_times(van: Van) -> None:
    van.on_duty().drive(60)
    van.park(400)
    van.drive(600)
    arrival, departure = van.entries("stop.arrived", "stop.departed")
    assert isinstance(arrival.event, Arrived)
    assert (arrival.event.source, arrival.event.stop, arrival.event.commune) == ("gps", None, None)
    assert arrival.event.lat == pytest.approx(48.1 + 60 * 12 / 111_195, abs=5e-5)
    assert van.happened(arrival) == pytest.approx(61, abs=3)
    assert isinstance(departure.event, Departed)
    assert departure.event.stop == arrival.key
    assert van.happened(departure) == pytest.approx(460, abs=5)
