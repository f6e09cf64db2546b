"""The driver corrects the stops of the service: the vehicle goes on from what is true."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from appliance.vehicle.process import Vehicle
from protocol.duty import Ended, Started
from protocol.event import Key
from protocol.incidents import Reported
from protocol.stop_fold import Stop, Told, fold
from protocol.stops import Arrived, Corrected, Departed
from tests.appliance.vehicle.test_process import METRE, a_planned_stop, a_tour
from tests.appliance.vehicle.van import MORNING, STOPS, Van


@pytest.fixture
def van(tmp_path: Path) -> Iterator[Van]:
    van = Van(tmp_path)
    yield van
    van.close()


def on_tour(van: Van, *stops: Any, depot: Any = None) -> Van:
    """A van whose tour has come."""
    van.vehicle.close()
    a_tour(van, *stops, depot=depot)
    van.start()
    return van


def pair(key: Key) -> list[int]:
    return [key.epoch, key.seq]


def listed(van: Van) -> list[Key]:
    return [Key(*stop["id"]) for stop in van.told()["stops"]]


def at_the_federation(van: Van) -> list[Stop]:
    """Both journals as the federation folds them, times in seconds of the road."""
    told = [*van.entries(*STOPS), *van.said(*STOPS)]
    lines = [
        Told(entry.key, None, (moment := van.moment(entry)), moment, entry.event)  # type: ignore[arg-type]
        for entry in told
    ]
    return fold(lines)


def seconds(stop: Stop) -> tuple[int | None, int | None]:
    return tuple(None if at is None else round(at / 1000) for at in (stop.arrived, stop.departed))  # type: ignore[return-value]


def test_the_stops_of_the_service_are_told_the_last_one_first(van: Van) -> None:
    van.on_duty().park(300)
    van.drive(200)
    van.park(300)
    first, second = (entry.key for entry in van.entries("stop.arrived"))
    assert listed(van) == [second, first]
    latest = van.told()["stops"][0]
    assert (latest["departed"], latest["arrived"]["boot_id"]) == (None, van.clock.boot_id)
    van.say(Ended())
    van.park(3)
    assert van.told()["stops"] == []


def test_what_was_no_stop_is_none_and_standing_on_makes_no_other(van: Van) -> None:
    van.on_duty().park(300)
    (stop,) = listed(van)
    van.say(Corrected(stop=stop, cancelled=True))
    van.park(400)
    assert (van.told()["stop"], listed(van)) == (None, [])
    van.drive(200)
    van.park(300)
    (second,) = at_the_federation(van)
    assert second.id == listed(van)[0] != stop


def test_the_driver_may_arrive_where_a_stop_was_none(van: Van) -> None:
    van.on_duty().park(300)
    van.say(Corrected(stop=listed(van)[0], cancelled=True))
    van.park(5)
    word = van.say(Arrived(source="driver"))
    van.park(300)
    assert van.told()["stop"] == pair(word)
    (stop,) = at_the_federation(van)
    assert (stop.id, stop.open) == (word, True)


def test_a_departure_the_driver_gives_ends_the_stop_that_is_open(van: Van) -> None:
    van.on_duty().park(400)
    (stop,) = listed(van)
    van.say(Corrected(stop=stop, departed_ago=100_000))
    van.park(300)
    assert van.told()["stop"] is None
    van.drive(100)
    assert [event.TYPE for event in van.stops()] == ["stop.arrived"]
    (folded,) = at_the_federation(van)
    assert seconds(folded)[1] == pytest.approx(300, abs=2)


def test_an_arrival_the_driver_gives_stays_whatever_the_gps_finds_later(van: Van) -> None:
    van.on_duty().drive(60)
    van.park(20)
    word = van.say(Arrived(source="driver"))
    van.park(20)
    van.say(Corrected(stop=word, arrived_ago=600_000))
    van.park(300)
    van.drive(200)
    assert [event.TYPE for event in van.stops()].count("stop.departed") == 1
    (folded,) = at_the_federation(van)
    assert seconds(folded)[0] == pytest.approx(100 - 600, abs=2)


def test_an_arrival_the_driver_gave_is_not_changed_by_a_late_word(van: Van) -> None:
    van.on_duty().drive(60)
    van.park(300)
    van.say(Corrected(stop=listed(van)[0], arrived_ago=600_000))
    van.park(60)
    van.say(Arrived(source="driver"))
    van.park(60)
    (folded,) = at_the_federation(van)
    assert seconds(folded)[0] == pytest.approx(360 - 600, abs=2)


def test_a_stop_that_goes_on_after_all_ends_only_when_the_van_is_far(van: Van) -> None:
    van.on_duty().park(300)
    van.say(Departed(source="driver"))
    van.park(60)
    (stop,) = listed(van)
    van.say(Corrected(stop=stop, still_there=True))
    van.park(300)
    assert van.told()["stop"] == pair(stop)
    van.drive(100)
    (folded,) = at_the_federation(van)
    assert (folded.id, folded.open) == (stop, False)
    assert seconds(folded)[1] == pytest.approx(660, abs=20)


@pytest.mark.parametrize("reboot", [False, True])
def test_two_stops_that_were_one_go_on_as_the_first(van: Van, reboot: bool) -> None:
    van.on_duty().park(300)
    van.drive(20, speed=8.0)
    van.park(300)
    first, second = reversed(listed(van))
    van.say(Corrected(stop=second, merged_into=first))
    van.park(10)
    assert (listed(van), van.told()["stop"]) == ([first], pair(first))
    if reboot:
        van.crash(seconds_off=5)
        van.park(60)
    van.drive(200)
    left = van.stops()[-1]
    assert (left.TYPE, left.stop) == ("stop.departed", first)  # type: ignore[union-attr]
    if not reboot:
        (folded,) = at_the_federation(van)
        assert (folded.id, folded.open) == (first, False)


def test_two_stops_that_are_over_and_were_one_last_as_long_as_both(van: Van) -> None:
    van.on_duty().park(300)
    van.drive(20, speed=8.0)
    van.park(300)
    van.drive(200)
    first, second = reversed(listed(van))
    van.say(Corrected(stop=second, merged_into=first))
    van.drive(5)
    (left,) = van.told()["stops"]
    (folded,) = at_the_federation(van)
    assert (Key(*left["id"]), folded.id) == (first, first)
    assert left["departed"]["boottime"] - left["arrived"]["boottime"] == pytest.approx(
        620e3, abs=8e3
    )
    assert seconds(folded) == pytest.approx((0, 620), abs=8)


def test_a_stop_the_detector_doubts_is_told_so_until_the_driver_says_anything_of_it(
    van: Van,
) -> None:
    van.on_duty().park(300)
    stop = van.vehicle._memory.book.standing
    assert stop is not None
    assert stop.place is not None
    stop.place = msgspec.structs.replace(stop.place, uncertain=True)
    van.park(2)
    assert van.told()["stops"][0]["uncertain"] is True
    van.say(Corrected(stop=listed(van)[0], arrived_ago=400_000))
    van.park(2)
    assert van.told()["stops"][0]["uncertain"] is False


def test_a_correction_of_a_stop_nobody_knows_changes_nothing(van: Van) -> None:
    van.on_duty().park(300)
    before = van.told()["stops"]
    for word in ({"cancelled": True}, {"departed_ago": 0}, {"merged_into": Key(1, 2)}):
        van.say(Corrected(stop=Key(5, 5), **word))  # type: ignore[arg-type]
    van.park(5)
    assert van.told()["stops"] == before


def test_without_gps_the_driver_says_which_stop_it_is(tmp_path: Path) -> None:
    van = on_tour(Van(tmp_path), a_planned_stop("halles", 48.1), a_planned_stop("ecole", 48.3))
    van.on_duty().park(30, sky=False)
    word = van.say(Arrived(source="driver", planned="ecole", name="Ecole", commune="35238"))
    van.park(30, sky=False)
    told = van.told()
    assert (told["stop"], told["provisional"]["name"]) == (pair(word), "Ecole")
    assert (told["stops"][0]["planned"], told["place"]["commune"]) == ("ecole", "35238")
    assert van.stops() == []
    van.close()


def test_the_stop_the_driver_chose_stays_when_the_gps_comes_back_near_another(
    tmp_path: Path,
) -> None:
    van = on_tour(Van(tmp_path), a_planned_stop("halles", 48.1), a_planned_stop("ecole", 48.3))
    van.on_duty().park(30, sky=False)
    word = van.say(Arrived(source="driver", planned="ecole", name="Ecole", commune="35238"))
    van.park(30, sky=False)
    van.park(300)
    both = van.stops()[-1]
    assert isinstance(both, Arrived)
    assert (both.source, both.stop, both.planned, both.name) == ("both", word, "ecole", "Ecole")
    assert both.lat is not None
    van.close()


def test_a_second_arrival_names_the_stop_and_is_the_same_one(tmp_path: Path) -> None:
    van = on_tour(Van(tmp_path), a_planned_stop("ecole", 48.3))
    van.on_duty().park(30, sky=False)
    first = van.say(Arrived(source="driver"))
    van.park(30, sky=False)
    second = van.say(Arrived(source="driver", planned="ecole", name="Ecole", commune="35238"))
    van.park(30, sky=False)
    (both,) = van.stops()
    assert isinstance(both, Arrived)
    assert (both.stop, both.cites, both.planned) == (first, second, "ecole")
    (folded,) = at_the_federation(van)
    assert (folded.name, seconds(folded)[0]) == ("Ecole", 30)
    van.close()


def to_the_hour(van: Van, hour: float) -> None:
    """It stands until then by its own clock, in minutes that pass in one step each."""
    began = MORNING.astimezone(ZoneInfo(van.config.unit.zone)).hour
    left = (hour - began) * 3600 - van.road.seconds
    van.park(round(left), stride=60)


def test_an_hour_after_the_last_stop_a_service_nobody_confirms_ends(tmp_path: Path) -> None:
    van = on_tour(Van(tmp_path), a_planned_stop("ecole", 48.3, closes=10 * 60))
    van.on_duty().park(30)
    to_the_hour(van, 10.4)
    assert (van.told()["duty"], van.told()["minutes_left"]) == ("on", None)
    to_the_hour(van, 10.6)
    assert van.told()["minutes_left"] in (23, 24, 25)
    to_the_hour(van, 11.05)
    (ended,) = van.entries("duty.ended")
    assert (ended.event, van.told()["duty"]) == (Ended(reason="plan"), "off")
    van.close()


@pytest.mark.parametrize("word", [Started, lambda: Reported(kind="delay", minutes=20)])
def test_a_driver_who_says_anything_stays_on_duty_for_another_hour(
    tmp_path: Path, word: Callable[[], Any]
) -> None:
    van = on_tour(Van(tmp_path), a_planned_stop("ecole", 48.3, closes=10 * 60))
    van.on_duty().park(30)
    to_the_hour(van, 10.8)
    van.say(word())
    to_the_hour(van, 11.5)
    assert van.told()["duty"] == "on"
    to_the_hour(van, 11.9)
    assert van.told()["duty"] == "off"
    van.close()


def test_at_ten_in_the_evening_a_forgotten_service_ends(van: Van) -> None:
    van.on_duty().park(30)
    to_the_hour(van, 21.9)
    assert van.told()["duty"] == "on"
    to_the_hour(van, 22.1)
    (ended,) = van.entries("duty.ended")
    assert ended.event == Ended(reason="hour")


def test_standing_at_the_depot_in_the_morning_ends_no_service(tmp_path: Path) -> None:
    van = on_tour(Van(tmp_path), depot=a_planned_stop("depot", 48.1 + 100 * METRE))
    van.on_duty().park(30)
    van.say(Arrived(source="driver"))
    van.park(45 * 60, stride=5)
    assert van.told()["duty"] == "on"
    van.close()


def test_without_gps_too_half_an_hour_at_the_depot_ends_the_service(tmp_path: Path) -> None:
    depot = a_planned_stop("depot", 48.5)
    van = on_tour(Van(tmp_path), a_planned_stop("ecole", 48.3), depot=depot)
    van.on_duty().park(5, sky=False)
    van.say(Arrived(source="driver", planned="ecole", name="Ecole", commune="35238"))
    van.park(60, sky=False, stride=10)
    van.say(Departed(source="driver"))
    van.park(60, sky=False, stride=10)
    van.say(Arrived(source="driver", planned="depot", name="Depot", commune="35238"))
    van.park(29 * 60, sky=False, stride=10)
    assert van.told()["duty"] == "on"
    van.park(2 * 60, sky=False, stride=10)
    (ended,) = van.entries("duty.ended")
    assert ended.event == Ended(reason="depot")
    van.close()


def test_a_restart_knows_the_stop_the_driver_chose(tmp_path: Path) -> None:
    van = on_tour(Van(tmp_path), a_planned_stop("ecole", 48.3))
    van.on_duty().park(10, sky=False)
    van.say(Arrived(source="driver", planned="ecole", name="Ecole", commune="35238"))
    van.park(10, sky=False)
    van.crash(seconds_off=5)
    van.park(10, sky=False)
    assert isinstance(van.vehicle, Vehicle)
    assert van.told()["provisional"]["name"] == "Ecole"
    van.close()
