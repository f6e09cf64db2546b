"""The stops of this service, the last one first: touch one to correct it."""

from kivy.app import App
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from ...models import tour
from ...models.last_stops import LastStop
from ...text.catalogue import Words
from ...widgets.night import NightChoice
from ...widgets.rules import load_rules
from ..base import DeskScreen
from . import hours

ROWS, LETTERS = 4, 44
"""A page; of a name, at the most."""


class LastStops(DeskScreen):
    """A few a page; after the last page comes the first."""

    page = NumericProperty(0)
    count = NumericProperty(1)
    why_empty = StringProperty("")

    _shown: tuple[LastStop, ...] | None = None

    def refresh(self) -> None:
        """Take the stops as the vehicle tells them now."""
        super().refresh()
        words, driver = App.get_running_app().words, self.desk.driver
        stops = driver.itinerary.stops
        on_duty = driver.driving().duty == "on"
        why = "last_stops.none" if on_duty else "last_stops.off"
        self.why_empty = "" if stops else words[why]
        self.count = max(1, -(-len(stops) // ROWS))
        self.page = min(self.page, self.count - 1)
        self._show(stops[self.page * ROWS : (self.page + 1) * ROWS], words)

    def turn(self) -> None:
        """To the next page."""
        self.page = (self.page + 1) % self.count
        self.refresh()

    def on_leave(self, *_: object) -> None:
        """The next look begins with the last stop."""
        self.page = 0

    def _show(self, stops: tuple[LastStop, ...], words: Words) -> None:
        if stops == self._shown:
            return
        self._shown = stops
        self.ids.rows.clear_widgets()
        for stop in stops:
            self.ids.rows.add_widget(self._row(stop, words))
        for _ in range(ROWS - len(stops)):
            self.ids.rows.add_widget(Widget())

    def _row(self, stop: LastStop, words: Words) -> NightChoice:
        row = NightChoice(
            text=tour.brief(stop.name, LETTERS) or words["last_stops.unnamed"],
            note=when(stop, self.desk.house.zone, words),
            pictogram=pictogram(stop),
        )
        row.bind(on_release=lambda _: self.touch("stop", str(stop.id.seq)))
        return row


def pictogram(stop: LastStop) -> str:
    """What of it the driver should look at."""
    if stop.uncertain:
        return "question_mark"
    return "location_on" if stop.departed is None else "check_circle"


def when(stop: LastStop, zone: str, words: Words) -> str:
    """From when to when it stood there."""
    arrived = hours.of_stamp(stop.arrived, 0, zone, words)
    told = words["last_stops.from"].format(arrived=arrived)
    if stop.departed is not None:
        departed = hours.of_stamp(stop.departed, 0, zone, words)
        told = words["last_stops.from_to"].format(arrived=arrived, departed=departed)
    return f"{told} · {words['last_stops.doubtful']}" if stop.uncertain else told


load_rules(__file__)
