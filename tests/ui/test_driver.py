"""The driver's page: three seconds on the van, three duties, two words, one touch back."""

import pytest

from protocol import duty, stops
from tests.ui.kit import WORDS, Bench, kept
from ui.models.driving import Driving, Told, driving, duty_touch

ON, PAUSE, OFF = WORDS["driver.on"], WORDS["driver.pause"], WORDS["driver.off"]
ARRIVED, DEPARTED = WORDS["driver.arrived"], WORDS["driver.departed"]


def holds_the_van(bench: Bench, seconds: float) -> None:
    from ui.widgets.scene import HeldVan

    holds(bench, HeldVan, seconds)


def holds(bench: Bench, kind: type, seconds: float) -> None:
    """A finger rests that long on the one widget of that kind."""
    (held,) = [widget for widget in bench.screen.walk() if isinstance(widget, kind)]
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


def test_three_seconds_on_the_van_open_the_page(bench: Bench) -> None:
    holds_the_van(bench, 2.8)
    assert bench.at == "welcome"
    holds_the_van(bench, 3.0)
    assert bench.at == "driver"


def test_duty_and_stops_are_kept_as_the_drivers_words(bench: Bench) -> None:
    bench.desk.touch("driver")
    for words in (ON, ARRIVED, DEPARTED, PAUSE, ON, OFF):
        bench.taps(words)
    assert kept(bench.folder) == [
        duty.Started(),
        stops.Arrived(source="driver"),
        stops.Departed(source="driver"),
        duty.Paused(),
        duty.Resumed(),
        duty.Ended(),
    ]


def test_off_duty_there_is_no_stop_to_tell(bench: Bench) -> None:
    bench.desk.touch("driver")
    bench.taps(ARRIVED)
    bench.taps(OFF)
    assert kept(bench.folder) == []


def test_one_touch_gives_the_panel_back(bench: Bench) -> None:
    bench.desk.touch("driver")
    bench.pump()
    bench.taps(WORDS["driver.visitors"])
    assert bench.at == "welcome"


def test_a_forgotten_page_gives_the_panel_back_too(bench: Bench) -> None:
    bench.desk.touch("driver")
    bench.passes(120)
    assert bench.at == "welcome"


def test_the_page_shows_the_stop_the_vehicle_sees(bench: Bench) -> None:
    bench.desk.touch("driver")
    bench.the_vehicle_says(
        duty="on", stop=[1, 4], gps={"state": "fix"}, provisional={"name": "Place du Marché"}
    )
    bench.passes(1)
    assert bench.screen.driving == Driving(
        duty="on", standing=True, place="standing", name="Place du Marché", gps="gps_fix"
    )
    assert bench.screen.next_word == "departed"


def test_moving_the_panel_is_dark_and_has_no_button(bench: Bench) -> None:
    bench.taps(WORDS["welcome.begin"])
    bench.the_vehicle_says(duty="on", moving=True)
    bench.passes(1)
    assert bench.at == "dark"
    places = [bench.centre(button)[0] for button in pressables(bench)]
    assert [x for x in places if 0 <= x <= bench.window.width] == []
    bench.the_vehicle_says(duty="on", moving=False)
    bench.passes(1)
    assert bench.at == "welcome"


def pressables(bench: Bench):
    from ui.widgets.surfaces import Press

    shown = [widget for widget in bench.screen.walk() if isinstance(widget, Press)]
    return [*shown, bench.app.root.ids.help]


@pytest.mark.parametrize(
    ("vehicle", "told", "expected"),
    [
        (None, Told(), Driving()),
        (None, Told(duty="on", standing=True), Driving(duty="on", standing=True, place="standing")),
        (
            {"duty": "off", "stop": None},
            Told(duty="on", age=1.0),
            Driving(duty="on", place="on_road"),
        ),
        ({"duty": "off", "stop": None}, Told(duty="on", age=60.0), Driving()),
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
