"""What the driver's pages decide: the rail, what is shown, corrections, when to ask. No Kivy."""

from typing import Any

import pytest

from appliance.clock import Stamp
from protocol import codes
from protocol.event import Key
from protocol.stops import Corrected
from tests.ui.on_tour import planned
from ui.models import asking, last_stops, tour
from ui.models.asking import Asking, seen
from ui.models.driving import Driving, Told, battery_minutes, driving, duty_touch
from ui.models.last_stops import LastStop
from ui.text import catalogue

STOPS = tuple(planned(f"s{index}", 8 + index) for index in range(6))


@pytest.mark.parametrize(
    ("vehicle", "told", "expected"),
    [
        (None, Told(), Driving()),
        (None, Told(duty="on", standing=True), Driving(duty="on", standing=True, place="standing")),
        (
            {"duty": "off", "stop": None},
            Told(duty="on", duty_age=1.0),
            Driving(duty="on", place="on_road"),
        ),
        ({"duty": "off", "stop": None}, Told(duty="on", duty_age=60.0), Driving()),
        (
            {"duty": "on", "stop": None},
            Told(duty="off", standing=True, name="Halles", stop_age=1.0),
            Driving(duty="on", standing=True, place="standing", name="Halles"),
        ),
        (
            {"duty": "on", "stop": None, "provisional": {"arrived": 0}, "gps": {"state": "silent"}},
            Told(duty="on"),
            Driving(duty="on", place="standing_perhaps", minutes=3, gps="gps_absent"),
        ),
        ({"duty": "paused"}, Told(duty="on"), Driving(duty="paused", place="paused")),
    ],
)
def test_what_is_shown_follows_the_vehicle_once_it_has_heard(vehicle, told, expected) -> None:
    assert driving(vehicle, told, boottime=200_000) == expected


@pytest.mark.parametrize(
    ("current", "wanted", "word"),
    [
        ("off", "on", "started"),
        ("paused", "on", "resumed"),
        ("on", "paused", "paused"),
        ("on", "off", "ended"),
        ("paused", "off", "ended"),
        ("on", "on", ""),
    ],
)
def test_a_duty_is_reached_by_its_own_word(current, wanted, word) -> None:
    assert duty_touch(current, wanted) == word


@pytest.mark.parametrize(
    ("power", "minutes"),
    [
        (None, None),
        ({"warning": None, "seconds_left": None}, None),
        ({"warning": "battery", "seconds_left": 600}, 10),
        ({"warning": "battery", "seconds_left": 1}, 1),
        ({"warning": "battery", "seconds_left": 0}, 0),
    ],
)
def test_a_low_battery_tells_how_many_minutes_are_left(power, minutes) -> None:
    assert battery_minutes({"power": power}) == minutes


def test_every_problem_of_the_closed_list_has_its_button_and_its_words() -> None:
    from ui.screens.driver.problem import PICTOGRAMS

    assert ["delay", *PICTOGRAMS] == list(codes.CODES["incident"])
    assert {f"incident.{code}" for code in PICTOGRAMS} <= set(catalogue.load("fr"))


def states(**known: Any) -> str:
    return "".join(halt.state[0] for halt in tour.rail(STOPS, **known))


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({}, "nlllll"),
        ({"minute": 10 * 60}, "llnlll"),  # what closed before nobody went there is not next
        ({"minute": 23 * 60}, "llllll"),
        ({"visited": {"s0", "s1"}, "minute": 8 * 60}, "ddnlll"),
        ({"visited": {"s1"}, "minute": 8 * 60}, "ldnlll"),
        ({"visited": {"s0"}, "here": "s1"}, "dhllll"),
        ({"visited": {"s5"}}, "lllll" + "d"),
        ({"minute": 10 * 60, "in_service": False}, "llllll"),
    ],
)
def test_the_rail_knows_what_is_done_where_it_stands_and_what_comes(known, shown) -> None:
    assert states(**known) == shown


@pytest.mark.parametrize(
    ("known", "first", "ids"),
    [
        ({}, 0, "0123"),
        ({"here": "s2"}, 1, "1234"),
        ({"here": "s5"}, 2, "2345"),
        ({"visited": {"s5"}}, 2, "2345"),
        ({"visited": {"s0", "s1"}, "in_service": False}, 0, "0123"),
        ({"in_service": False}, 0, "0123"),
    ],
)
def test_four_of_the_rail_are_shown_around_where_the_vehicle_is(known, first, ids) -> None:
    start, shown = tour.window(tour.rail(STOPS, **known), 4)
    assert (start, "".join(halt.id[1] for halt in shown)) == (first, ids)


def test_a_short_tour_is_shown_whole() -> None:
    assert tour.window(tour.rail(STOPS[:2]), 4)[0] == 0
    assert tour.window((), 4) == (0, ())


def test_a_long_name_is_cut_between_two_words() -> None:
    assert tour.brief("Place du Marché") == "Place du Marché"
    assert tour.brief("Place de la République, devant la mairie") == "Place de la République…"


NOW = Stamp("boot", 3_600_000, 100_000_000, "gps", 50)


def stamp(minutes: int) -> Stamp:
    return Stamp("boot", 3_600_000 - minutes * 60_000, 100_000_000 - minutes * 60_000, "gps", 50)


def a_stop(seq: int, came: int, left: int | None = None) -> LastStop:
    departed = None if left is None else stamp(left)
    return LastStop(id=Key(7, seq), arrived=stamp(came), departed=departed)


TWO = (a_stop(5, 20, 10), a_stop(3, 50, 30))


def draft(stops: tuple[LastStop, ...] = TWO, seq: int = 5) -> last_stops.Draft:
    begun = last_stops.draft(stops, seq)
    assert begun is not None
    return begun


def test_a_correction_that_changes_nothing_tells_nothing() -> None:
    begun = draft()
    assert last_stops.word(begun, NOW) is None
    there_and_back = last_stops.moved(
        last_stops.moved(begun, "arrived", -5, NOW), "arrived", 5, NOW
    )
    assert last_stops.word(there_and_back, NOW) is None


def test_times_are_told_as_how_long_ago_and_only_those_that_moved() -> None:
    moved = last_stops.moved(draft(), "arrived", -5, NOW)
    assert last_stops.word(moved, NOW) == Corrected(stop=Key(7, 5), arrived_ago=25 * 60_000)
    both = last_stops.moved(moved, "departed", 5, NOW)
    assert last_stops.word(both, NOW) == Corrected(
        stop=Key(7, 5), arrived_ago=25 * 60_000, departed_ago=5 * 60_000
    )


@pytest.mark.parametrize(
    ("which", "minutes"), [("arrived", 10), ("departed", -10), ("departed", 15)]
)
def test_nobody_leaves_before_arriving_or_in_the_future(which, minutes) -> None:
    begun = draft()
    assert last_stops.moved(begun, which, minutes, NOW) == begun


def test_a_stop_that_is_open_has_no_departure_to_move() -> None:
    begun = draft((a_stop(5, 20),))
    assert last_stops.moved(begun, "departed", 5, NOW) == begun
    assert last_stops.kinds(begun) == ("cancelled",)


def test_a_stop_of_another_boot_without_a_date_keeps_its_times() -> None:
    undated = Stamp("before", 10, None, "none", 0)
    begun = draft((LastStop(id=Key(7, 5), arrived=undated, departed=undated),))
    assert last_stops.moved(begun, "arrived", -5, NOW) == begun


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        ("cancelled", {"cancelled": True}),
        ("merged", {"merged_into": Key(7, 3)}),
        ("still_there", {"still_there": True}),
    ],
)
def test_what_is_said_of_the_whole_stop_takes_the_place_of_its_times(kind, word) -> None:
    begun = last_stops.moved(draft(), "arrived", -5, NOW)
    assert kind in last_stops.kinds(begun)
    told = last_stops.said(begun, kind)
    assert last_stops.word(told, NOW) == Corrected(stop=Key(7, 5), **word)
    assert last_stops.word(last_stops.said(told, kind), NOW) is None


def test_a_stop_in_doubt_may_be_told_to_be_right_which_confirms_its_arrival() -> None:
    doubted = LastStop(id=Key(7, 5), arrived=stamp(20), departed=stamp(10), uncertain=True)
    begun = draft((doubted, TWO[1]))
    assert last_stops.kinds(begun) == ("right", "cancelled", "merged")
    told = last_stops.said(begun, "right")
    assert last_stops.word(told, NOW) == Corrected(stop=Key(7, 5), arrived_ago=20 * 60_000)


def test_only_the_last_stop_can_go_on_and_only_a_later_one_be_the_same() -> None:
    assert last_stops.kinds(draft(seq=3)) == ("cancelled",)
    assert last_stops.draft(TWO, 9) is None


def test_a_word_of_another_version_of_the_vehicle_tells_no_stops() -> None:
    assert last_stops.told(None) == last_stops.told({}) == ()
    assert last_stops.told({"stops": [{"id": "x"}]}) == ()


def each_second(*seconds: dict[str, Any]) -> list[str]:
    """The question that is up after each second, none being answered until it is shown."""
    known, shown = Asking(), list[str]()
    quiet = {"duty": "off", "ignition": False, "checked_in": False, "minutes_left": None}
    for second in seconds:
        known = seen(known, **{**quiet, **second})
        shown.append(known.question)
        known = asking.asked(known)
    return shown


IGNITION, CAME, ON = {"ignition": True}, {"checked_in": True}, {"duty": "on"}


@pytest.mark.parametrize(
    ("seconds", "questions"),
    [
        ([{}, {}], ["", ""]),
        ([{}, IGNITION, IGNITION, {}, IGNITION], ["", "at_work", "", "", "at_work"]),
        ([CAME, {}, CAME], ["at_work", "", ""]),
        ([CAME, ON, CAME], ["at_work", "", "at_work"]),
        ([{**IGNITION, **CAME}, {**IGNITION, **CAME}], ["at_work", ""]),
        ([{**IGNITION, **ON}, {**CAME, **ON}], ["", ""]),
        ([{**CAME, "duty": "paused"}, {**IGNITION, "duty": "paused"}], ["", "at_work"]),
        ([{**ON, "minutes_left": 30}, {**ON, "minutes_left": 29}], ["tour_over", ""]),
        (
            [{**ON, "minutes_left": 30}, ON, {**ON, "minutes_left": 30}],
            ["tour_over", "", "tour_over"],
        ),
        ([{"minutes_left": 30}], [""]),
    ],
)
def test_each_question_is_asked_once_for_each_reason(seconds, questions) -> None:
    assert each_second(*seconds) == questions


def test_a_question_that_waits_for_the_panel_is_dropped_when_it_is_settled() -> None:
    quiet = {"ignition": True, "checked_in": False, "minutes_left": None}
    waiting = seen(Asking(), duty="off", **quiet)
    assert seen(waiting, duty="on", **quiet).question == ""
    over = seen(Asking(ignition=True), duty="on", **{**quiet, "minutes_left": 9})
    assert over.question == "tour_over"
    assert seen(over, duty="off", **quiet).question == ""
