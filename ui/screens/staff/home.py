"""*Aujourd'hui*: what the day has been so far, and the way to everything staff do."""

from typing import Any

from kivy.app import App
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.widget import Widget

from ... import doors, theme
from ...models import home as model
from ...models import tally
from ...models.home import Counts, Line, shortened
from ...text import dates
from ...text.catalogue import Words
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ...widgets.surfaces import Press
from ...widgets.text import Words as Text
from ..base import DeskScreen

FEWEST = 6
"""Lines that the place of the lines is cut for, at least."""
TALL_LINES = 4
"""So many have room for names of two lines each."""
EMPTY = {"visits": "home.no_visit", "sign_ups": "home.no_sign_up", "stops": "home.no_stop"}


class CountKey(Press, AnchorLayout):
    """A large number; touched, its lines are shown."""

    pictogram = StringProperty("")
    number = StringProperty("")
    text = StringProperty("")
    lit = BooleanProperty(False)


class Tab(Press, AnchorLayout):
    """Leads to a page; its second line says how it stands there."""

    pictogram = StringProperty("")
    text = StringProperty("")
    note = StringProperty("")
    wants = BooleanProperty(False)
    """Something is to be done there."""


class DayLine(Row):
    """A name, a bar, a number."""

    pictogram = StringProperty("")
    text = StringProperty("")
    is_long = BooleanProperty(False)
    """Its name leaves no room for a bar."""
    count = NumericProperty(0)
    share = NumericProperty(0)
    deep = ColorProperty(theme.PRIMARY)
    soft = ColorProperty(theme.LINE)


class Nothing(Text):
    """Instead of lines."""


class Home(DeskScreen):
    """Asks the day each second."""

    view = StringProperty("visits")
    counts = ObjectProperty(Counts(0, 0, 0, 0), rebind=True)
    lines = ListProperty()
    date = StringProperty("")
    place = StringProperty("")
    """Where the vehicle stands."""
    author = StringProperty("")
    notes = ObjectProperty({}, rebind=True)
    """Tab → its second line."""
    wants = ListProperty()
    """Tabs where something is to be done."""
    help = BooleanProperty(False)
    """Somebody asked for it."""
    _letters = 18

    def refresh(self) -> None:
        """Take the day as it is now."""
        super().refresh()
        staff, words = self.desk.staff, App.get_running_app().words
        today, stops = staff.day.today(), staff.day.stops()
        self.counts = model.counts(today, stops, staff.day.planned())
        self.author = staff.author()
        self.date = self._date(words)
        self.place = self._place(stops)
        self.help = staff.queue.help_minutes() is not None
        self.notes, self.wants = self._tabs(words)
        self._draw(self._lines(today, stops), words)

    def look(self, view: str) -> None:
        """Count by something else."""
        self.view = view
        self.refresh()

    def on_leave(self, *_: object) -> None:
        """Whoever comes next begins with the visits."""
        self.view = "visits"

    def _lines(self, today: Any, stops: Any) -> list[Line]:
        day = self.desk.staff.day
        if self.view == "sign_ups":
            return model.by_workshop(today, day.title)
        if self.view == "stops":
            return model.by_stop(today, stops, App.get_running_app().words["home.some_stop"])
        return model.by_door(today, [door.code for door in doors.DOORS])

    def _draw(self, lines: list[Line], words: Words) -> None:
        if (shown := [self.view, *lines]) == self.lines:
            return
        self.lines = shown
        place = self.ids.lines
        place.clear_widgets()
        is_short = self.view != "visits" and len(lines) <= TALL_LINES
        self._letters, rows = (32, TALL_LINES) if is_short else (18, FEWEST)
        most = max((line.count for line in lines), default=0) or 1
        for line in lines:
            place.add_widget(self._line(line, line.count / most, words))
        if not lines:
            place.add_widget(Nothing(text=words[EMPTY[self.view]]))
        # A short day leaves its lines as near to each other as a long one.
        for _ in range(rows - len(lines) if lines else 0):
            place.add_widget(Widget())

    def _line(self, line: Line, share: float, words: Words) -> DayLine:
        told = {"count": line.count, "share": share, "is_long": self.view != "visits"}
        if self.view == "visits" and line.name:
            door = doors.find(line.name)
            look = {"pictogram": door.pictogram, "deep": door.deep, "soft": door.edge}
            name = words.get(f"short.{door.code}", words[f"door.{door.code}"])
            return DayLine(text=name, **look, **told)
        picture = {"visits": "more_horiz", "sign_ups": "event_available", "stops": "location_on"}
        name = shortened(line.name, self._letters) or words["home.others"]
        return DayLine(text=name, pictogram=picture[self.view], deep=theme.PRIMARY, **told)

    def _date(self, words: Words) -> str:
        moment = self.desk.house.local_time()
        if moment is None:
            return words["home.no_clock"]
        return dates.day(moment, words)

    @staticmethod
    def _place(stops: Any) -> str:
        last = stops.stops[-1] if stops.stops else None
        return shortened(last.name) if last and last.departed is None else ""

    def _tabs(self, words: Words) -> tuple[dict[str, str], list[str]]:
        staff = self.desk.staff
        waiting, left = len(staff.queue.waiting()), staff.visits.left()
        counted = tally.people(staff.animation.counts)
        missing = self.desk.attendance.missing
        unit, is_well = staff.board.line(words)
        notes = {
            "queue": self._queue(waiting, words),
            "visits": words.plural("home.to_note", left) if left else words["home.all_noted"],
            "attendance": self._workshops(missing, words),
            "animation": words.plural("home.counted", counted) if counted else words["home.street"],
            "check_in": words["home.for_somebody"],
            "unit": unit,
        }
        told = {
            "queue": waiting or self.help,
            "visits": left,
            "attendance": missing or self.desk.attendance.untold(),
            "animation": counted,
            "unit": not is_well,
        }
        return notes, [name for name, is_told in told.items() if is_told]

    def _workshops(self, missing: int, words: Words) -> str:
        """Who waits to be told of a seat comes first: the others have been here already."""
        if untold := self.desk.attendance.untold():
            return words.plural("attendance.to_call", untold)
        return words.plural("home.missing", missing) if missing else words["home.all_noted"]

    @staticmethod
    def _queue(waiting: int, words: Words) -> str:
        return words.plural("home.waiting", waiting) if waiting else words["home.none_waits"]


load_rules(__file__)
