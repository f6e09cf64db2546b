"""Stops from fixes alone: what is one, what is none, and when it begins and ends."""

import pytest

from appliance.stops.facts import Arrived, Departed
from appliance.stops.profiles import PROFILES

from .road import LAT, Road


def test_three_minutes_of_standing_are_a_stop_from_their_first_second() -> None:
    road = Road().drive(500).stand(600).drive(2000)
    assert road.told() == [("Arrived", 1, 51, "gps"), ("Departed", 1, 651, "gps")]


def test_a_stop_is_told_while_it_lasts() -> None:
    assert Road().drive(500).stand(170).told() == []
    assert Road().drive(500).stand(181).told() == [("Arrived", 1, 51, "gps")]


def test_a_departure_is_told_when_no_return_can_undo_it() -> None:
    road = Road().drive(500).stand(600).drive(400)
    assert len(road.facts) == 1
    road.drive(150)
    assert road.told()[1:] == [("Departed", 1, 651, "gps")]


def test_the_place_of_a_stop_is_where_it_stood() -> None:
    road = Road().drive(500)
    true = road.longitude()
    road.stand(200, astray=4.0).stand(10, astray=300.0).stand(190, astray=-4.0)
    departed = road.drive(2000).facts[1]
    assert isinstance(departed, Departed)
    assert departed.lat == pytest.approx(LAT, abs=1e-5)
    assert departed.lon == pytest.approx(true, abs=3e-5)


@pytest.mark.parametrize("seconds", [20, 75, 120, 170])
def test_a_light_or_a_level_crossing_is_no_stop(seconds: int) -> None:
    assert Road().drive(500).stand(seconds).drive(2000).told() == []


def test_a_queue_in_traffic_is_no_stop_however_long_it_takes() -> None:
    road = Road().drive(500)
    for wait in (40, 100, 20, 60, 120, 35, 90, 15, 70, 110):
        road.stand(wait).drive(20, speed=3.0)
    assert road.drive(2000).told() == []


def test_a_walking_pace_is_no_stop() -> None:
    assert Road().drive(500).drive(400, speed=1.4).drive(2000).told() == []


def test_the_same_place_after_a_short_manoeuvre_is_one_stop() -> None:
    road = Road().drive(500).stand(400).drive(40, speed=1.5).stand(400).drive(2000)
    assert road.told() == [("Arrived", 1, 51, "gps"), ("Departed", 1, 878, "gps")]


def test_a_manoeuvre_before_a_stop_is_certain_does_not_delay_it() -> None:
    road = Road().drive(500).stand(100).drive(30, speed=1.5).stand(100).drive(2000)
    assert road.told()[0] == ("Arrived", 1, 51, "gps")


def test_a_short_wait_further_on_does_not_delay_the_departure() -> None:
    road = Road().drive(500).stand(600).drive(90).stand(7).drive(2000)
    assert road.told()[1] == ("Departed", 1, 651, "gps")


def test_two_places_two_hundred_metres_apart_are_two_stops() -> None:
    road = Road().drive(500).stand(300).drive(200).stand(300).drive(2000)
    assert [fact[:3] for fact in road.told()] == [
        ("Arrived", 1, 51),
        ("Departed", 1, 351),
        ("Arrived", 2, 371),
        ("Departed", 2, 671),
    ]


def test_reception_that_drifts_away_and_back_splits_no_stop() -> None:
    road = Road().drive(500).stand(400)
    road.drive(150, speed=3.0).stand(60).drive(-150, speed=-3.0)
    road.stand(400).drive(2000)
    assert [fact[0] for fact in road.told()] == ["Arrived", "Departed"]


def test_reception_that_leaps_and_creeps_back_splits_no_stop() -> None:
    road = Road().drive(500).stand(100)
    for step in range(40):
        road.second(0.0, astray=120.0 * 0.9**step)
    road.stand(100).drive(2000)
    assert road.told()[0] == ("Arrived", 1, 51, "gps")


def test_a_receiver_off_with_the_engine_leaves_one_stop() -> None:
    road = Road().drive(500).stand(30).silence(3600).stand(20).drive(2000)
    assert road.told() == [("Arrived", 1, 51, "gps"), ("Departed", 1, 3701, "gps")]


def test_a_receiver_that_comes_back_on_the_way_tells_when_it_left() -> None:
    road = Road().drive(500).stand(30).silence(3600, metres=400).drive(3000)
    (kind, _, arrived, _), (_, _, departed, _) = road.told()
    assert (kind, arrived) == ("Arrived", 51)
    assert departed == pytest.approx(80 + 3600 - 400 / 8, abs=5)


def test_a_short_stop_with_the_engine_off_is_one_though_its_end_was_not_seen() -> None:
    road = Road().drive(500).stand(20).silence(190, metres=300).drive(2000)
    assert [fact[0] for fact in road.told()] == ["Arrived", "Departed"]


def test_a_tunnel_is_no_stop() -> None:
    assert Road().drive(500).silence(200, metres=2500).drive(2000).told() == []


def test_a_standing_that_was_never_seen_is_told_as_uncertain() -> None:
    road = Road().drive(500).silence(3600, metres=80).drive(2000)
    arrived = road.facts[0]
    assert isinstance(arrived, Arrived)
    assert arrived.uncertain


def test_a_power_cut_inside_a_stop_goes_on_with_the_same_stop() -> None:
    road = Road().drive(500).stand(300).reboot().silence(1800).stand(60).drive(2000)
    assert road.told() == [("Arrived", 1, 51, "gps"), ("Departed", 1, 2211, "gps")]


def test_a_power_cut_before_a_stop_is_certain_loses_none_of_it() -> None:
    road = Road().drive(500).stand(100).reboot().stand(100).drive(2000)
    assert road.told()[0] == ("Arrived", 1, 51, "gps")


def test_a_power_cut_while_leaving_tells_the_departure_once() -> None:
    road = Road().drive(500).stand(300).drive(300).reboot().drive(2000)
    assert road.told() == [("Arrived", 1, 51, "gps"), ("Departed", 1, 351, "gps")]


def test_a_reboot_on_the_way_makes_a_stop_of_the_gap() -> None:
    slow = Road().drive(500).silence(900, metres=2000).drive(2000)
    booted = Road().drive(500).reboot().silence(900, metres=2000).drive(2000)
    assert (len(slow.told()), len(booted.told())) == (0, 2)


def test_time_that_steps_back_makes_no_stop_and_loses_none() -> None:
    road = Road().drive(500).stand(250)
    road.at -= 3
    road.stand(100).drive(2000)
    assert [fact[:3] for fact in road.told()] == [("Arrived", 1, 51), ("Departed", 1, 398)]


def test_a_clock_that_was_wrong_for_long_is_set_right_and_the_stop_closed() -> None:
    road = Road().drive(500).stand(250)
    road.at -= 86_400
    assert [fact[:2] for fact in road.stand(300).told()] == [
        ("Arrived", 1),
        ("Departed", 1),
        ("Arrived", 2),
    ]


@pytest.mark.parametrize(("lat", "lon"), [(-13.283, 179.9999), (49.289, -0.0001), (69.9, 23.2)])
def test_no_meridian_splits_a_stop(lat: float, lon: float) -> None:
    road = Road(lat=lat, lon=lon).drive(500).stand(600).drive(2000)
    assert [fact[0] for fact in road.told()] == ["Arrived", "Departed"]


def test_speeds_that_are_missing_are_told_by_the_way() -> None:
    road = Road()
    ear, given = road.ear, []
    for second in range(900):
        road.at += 1
        road.east += 10.0 if second < 60 or second > 500 else 0.0
        given += ear.fix(road.at, road.lat, road.longitude(), None, None)
    assert [type(fact).__name__ for fact in given] == ["Arrived", "Departed"]


def test_a_trike_stops_for_shorter_than_a_van() -> None:
    road = Road("triporteur").drive(500, speed=4.0).stand(140).drive(600, speed=4.0)
    van = Road().drive(500, speed=4.0).stand(140).drive(600, speed=4.0)
    assert (len(road.told()), van.told()) == (2, [])


def test_every_vehicle_has_its_line_in_the_table() -> None:
    assert sorted(PROFILES) == ["camion", "camping-car", "triporteur"]
