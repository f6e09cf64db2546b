"""The driver's pages: three seconds on the van, then each word within two touches, kept first."""

from pathlib import Path

import pytest

from protocol import duty, stops
from protocol.event import Event, Key
from protocol.incidents import Reported
from tests.ui.kit import WORDS, Bench, kept
from tests.ui.on_tour import knows_time, on_tour, planned, told
from tests.ui.test_refused import takes
from ui.models.driving import Driving
from ui.models.panel import Panel

ON, PAUSE, OFF = WORDS["driver.on"], WORDS["driver.pause"], WORDS["driver.off"]
ARRIVED, DEPARTED = WORDS["driver.arrived"], WORDS["driver.departed"]
SERVICE, RESUME, STOPS = (WORDS[f"driver.{key}"] for key in ("service", "resume", "stops"))
HERE = {"gps": {"state": "fix"}}
LOST = {"gps": {"state": "no_fix"}}


def holds_the_van(bench: Bench, seconds: float) -> None:
    from ui.widgets.scene import HeldVan

    holds(bench, HeldVan, seconds)


def holds(bench: Bench, kind: type, seconds: float, words: str = "") -> None:
    """A finger rests that long on the one widget of that kind, or the one that says so."""
    (held,) = [
        widget
        for widget in bench.screen.walk()
        if isinstance(widget, kind) and (not words or widget.text == words)
    ]
    bench.hand.seconds += 1
    finger = bench.finger(*bench.centre(held))
    bench.hand.seconds += seconds
    _ticks(bench)
    finger.touch_up()
    bench.pump()


def _ticks(bench: Bench) -> None:
    """Until the ring's own interval (1/15 s) has come round."""
    from kivy.clock import Clock

    until = Clock.get_time() + 0.15
    while Clock.get_time() < until:
        bench.pump(1)


def driving(bench: Bench, **word: object) -> None:
    """The driver's page, the vehicle having said this."""
    bench.the_vehicle_says(**{"duty": "on", "stop": None, **HERE, **word})
    bench.desk._show(Panel(screen="driver"))
    bench.passes(1)


def said(bench: Bench) -> list[Event]:
    return [event for event in kept(bench.folder) if isinstance(event, Event)]


def test_three_seconds_on_the_van_open_the_page(bench: Bench) -> None:
    holds_the_van(bench, 2.8)
    assert bench.at == "welcome"
    holds_the_van(bench, 3.0)
    assert bench.at == "driver"


def test_duty_and_stops_are_kept_as_the_drivers_words(bench: Bench) -> None:
    bench.desk.touch("driver")
    for words in (ON, ARRIVED, DEPARTED, SERVICE, PAUSE, RESUME, SERVICE, OFF):
        bench.taps(words)
    assert kept(bench.folder) == [
        duty.Started(),
        stops.Arrived(source="driver"),
        stops.Departed(source="driver"),
        duty.Paused(),
        duty.Resumed(),
        duty.Ended(),
    ]


def test_off_duty_the_page_says_that_nothing_is_noted(bench: Bench) -> None:
    bench.desk.touch("driver")
    bench.pump()
    assert bench.screen.line == WORDS["driver.nothing"]
    bench.taps(STOPS)
    assert (bench.at, kept(bench.folder)) == ("driver", [])
    bench.taps(SERVICE)
    bench.taps(PAUSE)
    bench.taps(WORDS["driver.not_yet"])
    assert kept(bench.folder) == []


def test_off_duty_a_delay_and_a_problem_are_dead_since_nothing_is_noted(bench: Bench) -> None:
    bench.desk.touch("driver")
    bench.pump()
    for words in (WORDS["driver.delay"], WORDS["driver.problem"]):
        bench.taps(words)
        assert (bench.at, kept(bench.folder)) == ("driver", [])


def test_a_service_that_ends_while_the_page_is_open_takes_no_delay(bench: Bench) -> None:
    for page, touch, value in (("delay", "minutes", "5"), ("problem", "kind", "road")):
        driving(bench)
        bench.desk.touch(page)
        bench.the_vehicle_says(duty="off")
        bench.passes(1)
        bench.desk.touch(touch, value)
        assert (bench.desk.panel.screen, kept(bench.folder)) == ("driver", [])


def test_a_service_is_over_only_after_one_of_today(bench: Bench) -> None:
    knows_time(bench.desk)
    bench.desk.touch("driver")
    bench.pump()
    assert bench.screen.name_shown == WORDS["driver.not_yet"]
    for words in (ON, SERVICE, OFF):
        bench.taps(words)
    assert bench.screen.name_shown == OFF
    bench.desk.touch("done")
    bench.desk.house.clock.advance(24 * 3600)
    bench.desk.touch("driver")
    bench.pump()
    assert bench.screen.name_shown == WORDS["driver.not_yet"]


def test_off_duty_nobody_is_on_the_way_to_the_next_stop(bench: Bench) -> None:
    on_tour(bench.desk)
    driving(bench, duty="off")
    assert [state for *_, state in rail(bench)] == ["later"] * 3
    driving(bench)
    assert [state for *_, state in rail(bench)] == ["later", "next", "later"]


def test_one_touch_gives_the_panel_back(bench: Bench) -> None:
    bench.desk.touch("driver")
    bench.pump()
    bench.taps(WORDS["driver.visitors"])
    assert bench.at == "welcome"


@pytest.mark.parametrize("screen", ["driver", "duty", "where", "delay", "problem", "last_stops"])
def test_a_forgotten_page_gives_the_panel_back_too(bench: Bench, screen: str) -> None:
    bench.desk._show(Panel(screen=screen))
    bench.passes(119)
    assert bench.at == screen
    bench.passes(1)
    assert bench.at == "welcome"


def test_the_page_shows_the_stop_the_vehicle_sees(bench: Bench) -> None:
    driving(bench, stop=[1, 4], provisional={"name": "Place du Marché"})
    assert bench.screen.driving == Driving(
        duty="on", standing=True, place="standing", name="Place du Marché", gps="gps_fix"
    )
    assert (bench.screen.main, bench.screen.what) == ("departed", WORDS["driver.logged"])


def test_a_stop_that_is_not_certain_is_shown_as_such_until_it_is(bench: Bench) -> None:
    driving(bench, provisional={"name": "Halles", "arrived": 0})
    assert (bench.screen.what, bench.screen.main) == (WORDS["driver.provisional"], "arrived")
    driving(bench, provisional={"name": "Halles", "arrived": 0}, stop=[1, 4])
    assert (bench.screen.what, bench.screen.main) == (WORDS["driver.logged"], "departed")


def test_the_rail_shows_what_is_done_where_it_stands_and_what_comes(bench: Bench) -> None:
    on_tour(bench.desk)
    first = told(bench.desk, 3, 120, 90, planned="halles")
    driving(bench, stops=[first])
    assert rail(bench) == [
        ("Halles", "9 h – 10 h", "done"),
        ("Ecole", "14 h – 15 h", "next"),
        ("Mairie", "16 h – 17 h", "later"),
    ]
    assert bench.screen.name_shown == "Ecole"
    here = told(bench.desk, 5, 10, planned="ecole", name="Ecole")
    driving(bench, stops=[here, first], stop=[7, 5], provisional={"name": "Ecole"})
    assert [state for *_, state in rail(bench)] == ["done", "here", "later"]


def rail(bench: Bench) -> list[tuple[str, str, str]]:
    """From above: name, hours, state."""
    from ui.widgets.night import RailHalt

    halts = [widget for widget in bench.screen.walk() if isinstance(widget, RailHalt)]
    return [(halt.name, halt.hours, halt.state) for halt in halts]


def test_moving_the_panel_is_dark_and_has_no_button(bench: Bench) -> None:
    on_tour(bench.desk)
    bench.desk._show(Panel(screen="reasons"))
    bench.the_vehicle_says(duty="on", moving=True)
    bench.passes(1)
    assert (bench.at, bench.screen.tour) == ("dark", "Tournée du mardi")
    places = [bench.centre(button)[0] for button in pressables(bench)]
    assert [x for x in places if 0 <= x <= bench.window.width] == []
    bench.the_vehicle_says(duty="off", moving=True)
    bench.passes(1)
    assert (bench.at, bench.screen.tour) == ("dark", "")
    bench.the_vehicle_says(duty="on", moving=False)
    bench.passes(1)
    assert bench.at == "welcome"


def pressables(bench: Bench):
    from ui.widgets.surfaces import Press

    shown = [widget for widget in bench.screen.walk() if isinstance(widget, Press)]
    return [*shown, bench.app.root.ids.help]


def test_a_delay_and_a_problem_are_two_touches_and_name_the_open_stop(bench: Bench) -> None:
    driving(bench, stops=[told(bench.desk, 5, 10)], stop=[7, 5])
    bench.taps(WORDS["driver.delay"])
    bench.taps("20 min")
    assert (bench.at, bench.screen.line) == ("driver", WORDS["driver.noted"])
    bench.taps(WORDS["driver.problem"])
    bench.taps(WORDS["incident.place_taken"])
    assert said(bench) == [
        Reported(kind="delay", minutes=20, stop=Key(7, 5)),
        Reported(kind="place_taken", stop=Key(7, 5)),
    ]


def test_without_gps_arrival_asks_where_the_next_stop_being_the_first(bench: Bench) -> None:
    on_tour(bench.desk)
    driving(bench, stops=[told(bench.desk, 3, 120, 90, planned="halles")], **LOST)
    bench.taps(ARRIVED)
    assert (bench.at, said(bench)) == ("where", [])
    assert [place.id for place in bench.screen.places] == ["ecole", "mairie", "halles"]
    bench.taps("Ecole")
    assert said(bench) == [
        stops.Arrived(source="driver", planned="ecole", name="Ecole", commune="35238")
    ]
    assert (bench.at, bench.screen.name_shown, bench.screen.main) == ("driver", "Ecole", "departed")


def test_a_place_that_is_not_of_the_tour_is_told_without_a_name(bench: Bench) -> None:
    on_tour(bench.desk)
    driving(bench, **LOST)
    bench.taps(ARRIVED)
    bench.taps(WORDS["where.elsewhere"])
    assert said(bench) == [stops.Arrived(source="driver")]


def test_with_gps_or_without_a_tour_arrival_is_one_touch(bench: Bench) -> None:
    driving(bench, **LOST)
    bench.taps(ARRIVED)
    bench.taps(DEPARTED)
    on_tour(bench.desk)
    driving(bench)
    bench.passes(6)
    bench.taps(ARRIVED)
    words = [stops.Arrived(source="driver"), stops.Departed(source="driver")]
    assert said(bench) == [*words, stops.Arrived(source="driver")]


def test_a_tour_longer_than_a_page_has_another(bench: Bench) -> None:
    on_tour(bench.desk, *(planned(f"lieu-{hour}", hour) for hour in range(8, 16)))
    driving(bench, **LOST)
    bench.taps(ARRIVED)
    bench.taps(WORDS["where.more"])
    last = bench.screen.places[-1]
    bench.taps(last.name)
    assert said(bench)[0].planned == last.id


def test_what_the_driver_just_said_does_not_end_a_service_begun_elsewhere(bench: Bench) -> None:
    driving(bench)
    bench.taps(ARRIVED)
    assert bench.screen.driving.duty == "on"


def test_the_battery_and_the_end_of_the_service_are_told_in_time(bench: Bench) -> None:
    driving(bench, minutes_left=24)
    assert bench.screen.line == WORDS["driver.ends"].format(minutes=24)
    driving(bench, minutes_left=24, power={"warning": "battery", "seconds_left": 481})
    assert bench.screen.line == WORDS["driver.battery"].format(minutes=9)


def test_a_full_card_is_said_on_the_page_and_nothing_is_shown_as_kept(bench: Bench) -> None:
    driving(bench)
    takes(bench, nothing=True)
    bench.taps(ARRIVED)
    assert (bench.screen.line, bench.screen.main) == (WORDS["driver.refused"], "arrived")
    bench.taps(WORDS["driver.delay"])
    bench.taps("5 min")
    assert (bench.at, bench.screen.state.refused) == ("delay", True)
    takes(bench, nothing=False)
    bench.taps("5 min")
    assert said(bench) == [Reported(kind="delay", minutes=5)]


def test_nothing_of_the_vehicle_running_the_page_still_keeps_every_word(tmp_path: Path) -> None:
    with Bench(tmp_path) as bench:
        bench.desk.touch("driver")
        for words in (ON, ARRIVED, DEPARTED):
            bench.taps(words)
    with Bench(tmp_path) as again:
        again.desk.touch("driver")
        again.pump()
        assert (again.screen.driving.duty, again.screen.main) == ("on", "arrived")
