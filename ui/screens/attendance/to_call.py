"""Whom to tell that there is a seat now; whoever knows is off the list."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kivy.app import App
from kivy.properties import NumericProperty, ObjectProperty, StringProperty

from ...models.attendance import Line
from ...text import dates
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ..staff.listing import ListScreen

LINES, LINES_LARGER = 3, 2


class CallLine(Row):
    """Somebody, and what came of the call."""

    place = NumericProperty(0)
    number = StringProperty("")
    first_name = StringProperty("")
    phone = StringProperty("")
    about = StringProperty("")
    screen = ObjectProperty(None)


class ToCall(ListScreen):
    """Keeps no name once it is out of sight."""

    def refresh(self) -> None:
        """Take the list as it was last looked at."""
        super().refresh()
        larger = App.get_running_app().larger > 1
        lines = tuple(enumerate(self.desk.attendance.calls))
        self.draw(lines, LINES_LARGER if larger else LINES, self._build)

    def _build(self, placed: tuple[int, Line]) -> CallLine:
        place, line = placed
        words = App.get_running_app().words
        offer = self.desk.seats.find(self.desk.seats.standings[line.sign_up].event.workshop)
        zone = ZoneInfo(self.desk.house.zone)
        about = ""
        if offer is not None:
            about = dates.in_words(datetime.fromtimestamp(offer.starts / 1000, zone), words)
        return CallLine(
            place=place,
            number=str(line.number),
            first_name=line.first_name,
            phone=line.phone or words["to_call.away" if line.is_away else "to_call.no_phone"],
            about=about,
            screen=self,
        )


load_rules(__file__)
