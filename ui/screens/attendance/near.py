"""*Ateliers*: the workshops that are near, how full they are, whether somebody is to be told."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kivy.app import App
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty

from ... import doors, theme
from ...models.near import Near
from ...text import dates
from ...text.catalogue import Words
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ...widgets.surfaces import Press
from ..staff.listing import ListScreen

LINES, LINES_LARGER = 3, 2


class NearKey(Press, Row):
    """A workshop: touched, its sheet opens."""

    text = StringProperty("")
    date = StringProperty("")
    seats = StringProperty("")
    missing = StringProperty("")
    has_waiting = BooleanProperty(False)
    pictogram = StringProperty("")
    deep = ColorProperty(theme.PRIMARY)
    soft = ColorProperty(theme.LINE)


class NearOnes(ListScreen):
    """No name is in sight here."""

    to_call = NumericProperty(0)

    def refresh(self) -> None:
        """Take the workshops as they were last looked at."""
        super().refresh()
        staff, app = self.desk.attendance, App.get_running_app()
        self.to_call = len(staff.calls)
        self.draw(staff.workshops, LINES_LARGER if app.larger > 1 else LINES, self._build)

    def _build(self, near: Near) -> NearKey:
        app, look = App.get_running_app(), doors.of_theme(near.theme)
        words = app.words
        zone = ZoneInfo(self.desk.house.zone)
        key = NearKey(
            text=near.title,
            date=dates.in_words(datetime.fromtimestamp(near.starts / 1000, zone), words),
            seats=("\n" if app.wide else " · ").join(seats(near, words)),
            has_waiting=bool(near.waiting),
            missing=words.plural("attendance.missing", near.missing) if near.missing else "",
            pictogram=look.pictogram,
            deep=look.deep,
            soft=look.edge,
        )
        key.bind(on_release=lambda _: self.touch("open", near.id))
        return key


def seats(near: Near, words: Words) -> list[str]:
    """How many seats are taken, how many people wait."""
    told = [words["attendance.no_seats"]]
    if near.seats:
        told = [words.plural("attendance.seats", near.seats, taken=near.taken)]
    return told + ([words["staff.waiting"].format(count=near.waiting)] if near.waiting else [])


load_rules(__file__)
