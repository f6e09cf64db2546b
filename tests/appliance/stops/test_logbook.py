"""The driver's words and the detector, as one list of stops."""

import pytest

from appliance.stops.facts import Arrived, Corrected, Departed, Provisional

from .road import START, Road


def arrive(road: Road) -> Road:
    return road.say(road.logbook.driver_arrived)


def depart(road: Road) -> Road:
    return road.say(road.logbook.driver_departed)


def test_the_drivers_arrival_is_told_at_once_and_confirmed_by_the_detector_later() -> None:
    road = arrive(Road().drive(500).stand(5)).stand(400).drive(2000)
    assert road.told() == [
        ("Arrived", 1, 55, "driver"),
        ("Corrected", 1, None, "both"),
        ("Departed", 1, 456, "both"),
    ]


def test_the_drivers_arrival_corrects_the_one_that_was_seen() -> None:
    road = arrive(Road().drive(500).stand(300))
    assert road.facts[1:] == [Corrected(1, "both", arrived=START + 350)]


def test_the_drivers_departure_prevails_over_the_one_that_is_seen() -> None:
    road = depart(Road().drive(500).stand(300)).stand(20).drive(2000)
    assert road.told() == [("Arrived", 1, 51, "gps"), ("Departed", 1, 350, "both")]


def test_standing_on_after_the_drivers_departure_is_no_new_stop() -> None:
    road = depart(Road().drive(500).stand(300)).stand(900).drive(2000)
    assert len(road.told()) == 2


def test_after_the_drivers_departure_the_next_place_is_a_stop_again() -> None:
    road = depart(Road().drive(500).stand(300)).drive(200).stand(300).drive(2000)
    assert [fact[:2] for fact in road.told()] == [
        ("Arrived", 1),
        ("Departed", 1),
        ("Arrived", 2),
        ("Departed", 2),
    ]


def test_a_stop_too_short_for_the_detector_stands_when_the_driver_says_so() -> None:
    road = depart(arrive(Road().drive(500).stand(5)).stand(60)).drive(2000)
    assert road.told() == [("Arrived", 1, 55, "driver"), ("Departed", 1, 115, "driver")]


def test_a_departure_without_arrival_makes_a_stop_of_the_standing() -> None:
    road = depart(Road().drive(500).stand(100)).drive(2000)
    assert road.told() == [("Arrived", 1, 51, "both"), ("Departed", 1, 150, "both")]


def test_a_departure_amid_traffic_is_no_stop() -> None:
    assert depart(Road().drive(500)).drive(2000).told() == []


def test_a_stop_with_no_gps_at_all_is_told_by_the_driver_alone() -> None:
    road = Road()
    road.heard = False
    depart(arrive(road).stand(600))
    assert road.facts == [
        Arrived(1, START, None, None, "driver"),
        Departed(1, START + 600, None, None, "driver"),
    ]


def test_where_it_stood_before_the_gps_went_silent_is_not_where_it_stands() -> None:
    road = Road().drive(500).stand(20).silence(600)
    arrive(road)
    assert road.facts == [Arrived(1, START + 670, None, None, "driver")]


def test_the_detector_does_not_split_a_stop_the_driver_confirmed() -> None:
    road = arrive(Road().drive(500).stand(300))
    road.drive(130, speed=2.5).stand(600).drive(-130, speed=-2.5).stand(300)
    assert [fact[0] for fact in road.told()] == ["Arrived", "Corrected"]
    assert [fact[0] for fact in road.drive(2000).told()] == ["Arrived", "Corrected", "Departed"]


def test_a_driver_who_forgets_to_say_that_they_leave_has_left_once_they_are_far() -> None:
    road = arrive(Road().drive(500).stand(5)).stand(60).drive(2000)
    assert road.told()[-1][:2] == ("Departed", 1)
    assert road.facts[-1].at == pytest.approx(START + 55 + 60, abs=15)


def test_an_arrival_at_the_next_place_ends_the_stop_before() -> None:
    road = arrive(Road().drive(500).stand(300).drive(300).stand(3))
    assert road.told() == [
        ("Arrived", 1, 51, "gps"),
        ("Departed", 1, 351, "gps"),
        ("Arrived", 2, 383, "driver"),
    ]


def test_a_word_said_twice_is_one_word() -> None:
    road = arrive(arrive(Road().drive(500).stand(5)))
    assert len(road.facts) == 1
    assert len(depart(depart(road)).facts) == 2


def test_when_duty_ends_the_stop_ends_and_nothing_is_kept() -> None:
    road = Road().drive(500).stand(300)
    road.say(road.logbook.pause)
    assert road.told() == [("Arrived", 1, 51, "gps"), ("Departed", 1, 350, "gps")]
    assert road.logbook.provisional() is None
    assert road.stand(100).told()[2:] == []


def test_standing_before_duty_begins_counts_for_nothing() -> None:
    road = Road().drive(500).stand(170)
    road.say(road.logbook.pause)
    assert road.stand(100).told() == []


def test_a_power_cut_keeps_what_the_driver_said() -> None:
    road = arrive(Road().drive(500).stand(5)).reboot().silence(600).stand(300).reboot()
    depart(road)
    assert road.told() == [
        ("Arrived", 1, 55, "driver"),
        ("Corrected", 1, None, "both"),
        ("Departed", 1, 955, "both"),
    ]


def test_a_power_cut_after_the_drivers_departure_makes_no_new_stop() -> None:
    road = depart(Road().drive(500).stand(300)).reboot().stand(600)
    assert len(road.told()) == 2


def test_where_it_seems_to_stand_is_shown_before_it_is_certain() -> None:
    road = Road().drive(500).stand(60)
    here = road.logbook.provisional()
    assert here is not None
    assert (here.since, here.stop, here.left) == (START + 51, None, None)
    here = road.stand(200).drive(100).logbook.provisional()
    assert here is not None
    assert (here.stop, here.left) == (1, START + 311)


def test_a_stop_the_driver_told_is_shown_at_once() -> None:
    road = arrive(Road().drive(500).stand(5))
    assert road.logbook.provisional() == Provisional(
        START + 55, pytest.approx(road.lat), pytest.approx(road.longitude(), abs=1e-6), 1
    )
