"""*Visites*: those that staff have still to describe, or all of the day."""

from typing import NamedTuple

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty

from ... import doors
from ...models.today import Visit
from ...text.catalogue import Words
from ...widgets.chips import VisitKey
from ...widgets.rules import load_rules
from .listing import ListScreen

LINES_WIDE, LINES_TALL = 8, 7


class Line(NamedTuple):
    """A visit as it is drawn."""

    number: str
    door: str
    note: str


class Visits(ListScreen):
    """A touch on one opens it."""

    all = BooleanProperty(False)
    left = NumericProperty(0)

    def refresh(self) -> None:
        """Take the visits as they are now."""
        super().refresh()
        app, visits = App.get_running_app(), self.desk.staff.visits
        self.all, self.left = visits.all, visits.left()
        lines = [self._line(visit, app.words) for visit in visits.listed()]
        self.draw(lines, LINES_WIDE if app.wide else LINES_TALL, self._build)

    def _line(self, visit: Visit, words: Words) -> Line:
        hour = self.desk.staff.day.hour(visit.utc, words)
        state = "noted" if visit.told else visit.state
        told = [hour, words[f"visits.{state}"], words["trial.mark"] if visit.event.trial else ""]
        return Line(str(visit.number), visit.event.door, " · ".join(part for part in told if part))

    def _build(self, line: Line) -> VisitKey:
        door = doors.find(line.door)
        words = App.get_running_app().words
        key = VisitKey(
            number=line.number,
            pictogram=door.pictogram,
            deep=door.deep,
            soft=door.edge,
            text=words.get(f"short.{door.code}", words[f"door.{door.code}"]),
            note=line.note,
        )
        key.bind(on_release=lambda key: self.touch("describe", key.number))
        return key


load_rules(__file__)
