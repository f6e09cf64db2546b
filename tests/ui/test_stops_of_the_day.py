"""Staff's stops are those that the vehicle and the driver told together."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from appliance.journal import Journal
from protocol.day import Closed
from protocol.event import Event, Key
from protocol.stop_fold import Stop
from protocol.stops import Arrived, Corrected, Departed
from tests.ui.kit import Hand, new_desk
from tests.ui.on_tour import knows_time
from ui import memory
from ui.desk import Desk

MINUTE = 60_000


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = new_desk(tmp_path, Hand())
    knows_time(desk)
    yield desk
    desk.close()


def sees(desk: Desk, *words: Event) -> list[Key]:
    """The vehicle's process keeps them, a minute apart."""
    house, keys = desk.house, []
    path = house.data / "vehicle.db"
    with closing(Journal.open(path, name="vehicle", clock=house.clock)) as vehicle:
        for word in words:
            house.clock.advance(60)
            keys.append(Key(vehicle.epoch, vehicle.append(word)))
    return keys


def says(desk: Desk, word: Event) -> Key:
    """The driver does, on the screen."""
    desk.house.clock.advance(60)
    return desk.house.keep(word)


def told(desk: Desk) -> tuple[Stop, ...]:
    """Staff look, once there is something new."""
    desk.now.seconds += 100
    return desk.staff.day.stops().stops


def test_a_stop_that_the_driver_took_back_is_none(desk: Desk) -> None:
    (key,) = sees(desk, Arrived(source="gps", name="Place"))
    assert len(told(desk)) == 1
    says(desk, Corrected(stop=key, cancelled=True))
    assert told(desk) == ()


def test_a_stop_that_the_driver_alone_told_is_one_and_ends_by_their_word(desk: Desk) -> None:
    key = says(desk, Arrived(source="driver", name="Halles"))
    says(desk, Departed(source="driver"))
    (stop,) = told(desk)
    assert (stop.id, stop.name, stop.open) == (key, "Halles", False)


def test_a_stop_that_both_told_is_one(desk: Desk) -> None:
    said = says(desk, Arrived(source="driver", name="Halles"))
    (key,) = sees(desk, Arrived(source="both", cites=said))
    assert [stop.id for stop in told(desk)] == [key]
    assert desk.staff.day.stops().of(said) == key


def test_two_that_were_one_end_with_the_later(desk: Desk) -> None:
    first, *_ = sees(desk, Arrived(source="gps", name="Place"))
    sees(desk, Departed(source="gps", stop=first))
    (second,) = sees(desk, Arrived(source="gps"))
    (_, later) = sees(desk, Departed(source="gps", stop=second), Arrived(source="gps", name="B"))
    says(desk, Corrected(stop=second, merged_into=first))
    stop, last = told(desk)
    assert (stop.id, last.id, stop.departed) == (first, later, desk.house.stamp().utc - 2 * MINUTE)


def test_a_day_that_is_closed_leaves_a_stop_taken_back_gone(desk: Desk) -> None:
    (key,) = sees(desk, Arrived(source="gps"))
    says(desk, Corrected(stop=key, cancelled=True))
    desk.house.keep(Closed(check_ins=0, sign_ups=0))
    assert told(desk) == ()


def test_without_the_vehicles_word_its_journal_tells_which_stop_is_open(desk: Desk) -> None:
    path = desk.house.data / "vehicle.db"
    first, *_ = sees(desk, Arrived(source="gps"))
    assert memory.open_stop(path) == first
    sees(desk, Departed(source="gps", stop=first), Corrected(stop=first, still_there=True))
    assert memory.open_stop(path) == first
    second, *_ = sees(desk, Arrived(source="gps"))
    sees(desk, Corrected(stop=second, merged_into=first))
    assert memory.open_stop(path) == first
    sees(desk, Departed(source="gps", stop=second))
    assert memory.open_stop(path) is None
