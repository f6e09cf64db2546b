"""The driver's touches and the vehicle's own process, together, on a real serial line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.event import Event
from protocol.stop_fold import Stop, Told, fold
from tests.appliance.vehicle.test_process import METRE, a_planned_stop, a_tour
from tests.appliance.vehicle.van import STOPS, Van
from ui.desk import Desk
from ui.models.panel import Panel


class DrivenVan(Van):
    """A van whose driver has the screen's desk in front of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.vehicle.close()
        # The square is close to where the van sets out, the school is far away.
        places = a_planned_stop("halles", 48.1 + 60 * 12 * METRE), a_planned_stop("ecole", 48.3)
        a_tour(self, *places)
        self.start()
        self._screen.close()
        self.desk = Desk(self.config, clock=self.clock, now=lambda: self.seconds)

    def _step(self, data: bytes, stride: int = 1) -> None:
        super()._step(data, stride)
        self.desk.step()

    def touch(self, *touches: str) -> None:
        """Each is `touch`, or `touch value`; then two seconds pass, in which the vehicle hears."""
        for touch in touches:
            self.desk.touch(*touch.split(" ", 1))
        self.park(2)

    def close(self) -> None:
        self.desk.close()
        super().close()


@pytest.fixture
def van(tmp_path: Path) -> Iterator[DrivenVan]:
    van = DrivenVan(tmp_path)
    yield van
    van.close()


def on_duty(van: DrivenVan) -> None:
    van.park(3)
    van.touch("driver", "duty on")


def last(van: DrivenVan) -> str:
    return f"stop {van.told()['stops'][0]['id'][1]}"


def at_the_federation(van: DrivenVan) -> list[Stop]:
    entries = [*van.entries(*STOPS), *van.said(*STOPS)]
    moments = {id(entry): van.moment(entry) for entry in entries}
    return fold(
        Told(entry.key, None, moments[id(entry)], moments[id(entry)], entry.event)
        for entry in entries
        if isinstance(entry.event, Event)
    )


def test_a_day_of_touches_becomes_one_stop_with_the_drivers_times(van: DrivenVan) -> None:
    on_duty(van)
    van.drive(58)
    van.park(20)
    assert van.desk.panel.screen == "welcome"  # it was dark on the way
    van.touch("driver", "stop arrived")
    van.park(300)
    assert (van.desk.driver.driving().standing, van.desk.driver.driving().name) == (True, "Halles")
    van.touch("stop departed")
    van.drive(200)
    (stop,) = at_the_federation(van)
    assert (stop.source, stop.planned, stop.open) == ("both", "halles", False)


def test_the_rail_follows_what_the_vehicle_heard(van: DrivenVan) -> None:
    on_duty(van)
    van.drive(58)
    van.park(300)
    van.touch("driver")
    halts = van.desk.driver.itinerary.halts(standing=True)
    assert [halt.state for halt in halts] == ["here", "later"]
    van.drive(100)
    van.park(5)
    van.touch("driver")
    halts = van.desk.driver.itinerary.halts(standing=False)
    assert [halt.state for halt in halts] == ["done", "next"]


def test_where_no_gps_is_the_driver_names_the_stop_and_it_is_on_the_rail(van: DrivenVan) -> None:
    on_duty(van)
    van.park(70, sky=False)  # so long that what was received before says nothing any more
    van.desk.touch("stop", "arrived")
    assert van.desk.panel.screen == "where"
    van.desk.touch("place", "ecole")
    van.park(10, sky=False)
    halts = van.desk.driver.itinerary.halts(standing=True)
    assert [(halt.id, halt.state) for halt in halts] == [("halles", "later"), ("ecole", "here")]
    (stop,) = at_the_federation(van)
    assert (stop.source, stop.planned, stop.name) == ("driver", "ecole", "Ecole")


def test_who_checks_in_is_of_the_stop_the_driver_named(van: DrivenVan) -> None:
    on_duty(van)
    van.park(70, sky=False)
    for touch in (("stop", "arrived"), ("place", "ecole"), ("done",)):
        van.desk.touch(*touch)
    van.park(3, sky=False)
    van.desk._show(Panel(screen="confirm", door="sante"))
    van.desk.touch("yes")
    (visit,) = van.said("visit.checked_in")
    (word,) = van.said("stop.arrived")
    assert visit.event.stop == word.key  # type: ignore[union-attr]


def test_a_stop_that_was_none_is_gone_from_the_list_and_from_the_federation(
    van: DrivenVan,
) -> None:
    on_duty(van)
    van.park(300)
    van.touch("driver", "stops", last(van), "kind cancelled", "keep")
    assert van.desk.panel.screen == "driver"
    assert van.desk.driver.itinerary.stops == ()
    assert at_the_federation(van) == []
    assert van.desk.driver.driving().standing is False


def test_a_departure_said_too_early_is_taken_back(van: DrivenVan) -> None:
    on_duty(van)
    van.park(300)
    van.touch("driver", "stop departed")
    van.touch("stops", last(van), "kind still_there", "keep")
    van.park(10)
    assert van.desk.driver.driving().standing is True
    (stop,) = at_the_federation(van)
    assert (stop.open, stop.departed) == (True, None)


def test_an_arrival_moved_on_the_screen_is_moved_everywhere(van: DrivenVan) -> None:
    on_duty(van)
    van.park(300)
    before = van.told()["stops"][0]["arrived"]["boottime"]
    van.touch("driver", "stops", last(van), "move arrived -5", "keep")
    after = van.told()["stops"][0]["arrived"]["boottime"]
    assert before - after == pytest.approx(300_000, abs=1000)
    (stop,) = at_the_federation(van)
    assert stop.arrived == pytest.approx(-300_000, abs=5_000)


def test_off_duty_the_screen_says_so_and_shows_no_stop(van: DrivenVan) -> None:
    on_duty(van)
    van.park(300)
    van.touch("driver", "service", "duty off")
    van.park(5)
    assert van.desk.driver.driving().duty == "off"
    assert van.desk.driver.itinerary.stops == ()
