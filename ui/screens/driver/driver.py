"""The driver's page: the tour, where the vehicle stands, one large button; night colours."""

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from ... import theme
from ...models import tour
from ...models.driving import Driving
from ...models.tour import Halt
from ...text import dates
from ...text.catalogue import Words
from ...widgets.night import RailHalt
from ...widgets.rules import load_rules
from ..base import DeskScreen
from . import hours

ROWS, ROWS_OF_LARGE_LETTERS = 4, 3
"""Of the rail."""
NAMES = {
    True: ((22, theme.TITLE), (28, theme.LEAD), (56, theme.BODY)),
    False: ((18, theme.TITLE), (24, theme.LEAD), (46, theme.BODY)),
}
"""Wide or not → up to so many letters, the name of a stop is written in that size."""
SERVICES = {"on": ("on", "play_arrow"), "paused": ("paused", "pause"), "off": ("off", "bedtime")}
"""Duty → key of its name, section `driver`, and its pictogram."""
MAIN = {
    "on": ("arrived", "flag"),
    "standing": ("departed", "airport_shuttle"),
    "paused": ("resume", "play_arrow"),
    "off": ("on", "play_arrow"),
}
"""What the large button says."""
GPS = {"gps_fix": "my_location", "gps_no_fix": "location_searching"}


class Driver(DeskScreen):
    """Shows the vehicle's own word beside the driver's; every button stays in its place."""

    driving = ObjectProperty(Driving(), rebind=True)
    time = StringProperty("")
    what = StringProperty("")
    """Above the name: what it is, and the how manieth of the tour."""
    name_shown = StringProperty("")
    size_of_name = NumericProperty(theme.TITLE)
    line = StringProperty("")
    """Below the name: what became of the last touch, else since when, and what the GPS does."""
    stands_out = BooleanProperty(False)
    main, main_pictogram = StringProperty("arrived"), StringProperty("flag")
    service_pictogram = StringProperty("bedtime")
    gps, link = StringProperty("location_off"), StringProperty("cloud_off")
    no_rail = StringProperty("")
    """Instead of the rail."""

    _rail: object = None

    def refresh(self) -> None:
        """Ask the desk what the vehicle does."""
        super().refresh()
        words, driver = App.get_running_app().words, self.desk.driver
        self.driving = driver.driving()
        moment = self.desk.house.local_time()
        self.time = dates.clock(moment, words) if moment else ""
        self.gps = GPS.get(self.driving.gps, "location_off")
        self.link = "cloud_done" if self._is_linked() else "cloud_off"
        self.service_pictogram = SERVICES[self.driving.duty][1]
        state = "standing" if self.driving.standing else self.driving.duty
        self.main, self.main_pictogram = MAIN[state]
        halts = driver.itinerary.halts(
            standing=self.driving.standing, in_service=self.driving.duty != "off"
        )
        self._say(halts, words)
        self._draw(halts, words)

    def press(self) -> None:
        """The large button."""
        if self.driving.duty == "on":
            self.touch("stop", "departed" if self.driving.standing else "arrived")
        else:
            self.touch("duty", "on")

    def _is_linked(self) -> bool:
        return (self.desk.house.says("uplink") or {}).get("link") == "up"

    def _say(self, halts: tuple[Halt, ...], words: Words) -> None:
        driving, index = self.driving, tour.now_at(halts)
        halt = None if index is None or driving.duty != "on" else halts[index]
        if driving.duty != "on":
            what, name = "", words[f"driver.{self._rest()}"]
        elif driving.place == "on_road":
            what = words["driver.next"] if halt else words[f"driver.{self._why_no_stop(halts)}"]
            name = halt.name if halt else words["driver.on_road"]
        else:
            what = words[f"driver.{self._certainty()}"]
            name = driving.name or words[f"driver.{driving.place}"]
        if halt and (driving.place == "on_road" or halt.state == "here"):
            count = {"number": (index or 0) + 1, "count": len(halts)}
            what = words["driver.of"].format(what=what, **count)
        self.what, self.name_shown = what, name
        sizes = NAMES[App.get_running_app().wide]
        self.size_of_name = next((size for most, size in sizes if len(name) <= most), theme.CAPTION)
        self.line = self._line(halt, words)

    def _line(self, halt: Halt | None, words: Words) -> str:
        driver, driving = self.desk.driver, self.driving
        warning = driver.battery_minutes(), driver.minutes_left()
        self.stands_out = bool(self.state.refused or driver.noted() or any(warning))
        if self.state.refused or driver.noted():
            return words["driver.refused" if self.state.refused else "driver.noted"]
        for key, minutes in zip(("driver.battery", "driver.ends"), warning, strict=True):
            if minutes is not None:
                return words[key].format(minutes=minutes)
        if driving.duty != "on":
            return words["driver.nothing"]
        told = []
        if driving.minutes is not None:
            told.append(words["driver.since"].format(minutes=driving.minutes))
        elif halt and driving.place == "on_road":
            told.append(hours.span(halt.opens, halt.closes, words))
        return " · ".join([*told, words[f"driver.{driving.gps}"]])

    def _rest(self) -> str:
        """What it is when no service goes on."""
        if self.driving.duty == "paused":
            return "paused"
        return "off" if self.desk.driver.has_served else "not_yet"

    def _certainty(self) -> str:
        if not self.driving.standing:
            return "provisional"
        latest = next(iter(self.desk.driver.itinerary.stops), None)
        return "doubtful" if latest is not None and latest.uncertain else "logged"

    def _why_no_stop(self, halts: tuple[Halt, ...]) -> str:
        if halts:
            return "tour_done"
        return "no_tour" if self.desk.house.local_time() else "no_time"

    def _draw(self, halts: tuple[Halt, ...], words: Words) -> None:
        self.no_rail = "" if halts else words[f"driver.{self._why_no_stop(halts)}"]
        rows = ROWS if App.get_running_app().larger == 1 else ROWS_OF_LARGE_LETTERS
        start, shown = tour.window(halts, rows)
        if (rows, start, shown, len(halts)) == self._rail:
            return
        self._rail = (rows, start, shown, len(halts))
        self.ids.rail.clear_widgets()
        for index, halt in enumerate(shown, start):
            row = self._row(halt, words)
            row.is_first, row.is_last = index == 0, index == len(halts) - 1
            self.ids.rail.add_widget(row)
        for _ in range(rows - len(shown)):
            self.ids.rail.add_widget(Widget())

    @staticmethod
    def _row(halt: Halt, words: Words) -> RailHalt:
        name = tour.brief(halt.name)
        return RailHalt(
            name=name,
            hours=hours.span(halt.opens, halt.closes, words),
            state=halt.state,
            size_of_type=24 if len(name) < 20 else theme.CAPTION,
        )


load_rules(__file__)
