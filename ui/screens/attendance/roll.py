"""The sheet of a workshop: one line a sign-up; whoever comes without one is a touch."""

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from ...models.attendance import Line
from ...models.home import shortened
from ...text.catalogue import Words
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ...widgets.surfaces import Press
from ..staff.listing import ListScreen
from .near import seats

LINES_WIDE, LINES_TALL = 3, 4
LETTERS_WIDE, LETTERS_TALL = 34, 18
"""Of a title."""


class PersonKey(Press, AnchorLayout):
    """Number, first name where it is known, telephone; how many come."""

    number = StringProperty("")
    first_name = StringProperty("")
    about = StringProperty("")
    waits = BooleanProperty(False)


class RollLine(Row):
    """Somebody who is awaited, and the two answers."""

    place = NumericProperty(0)
    line = ObjectProperty(None, rebind=True, allownone=True)
    number = StringProperty("")
    first_name = StringProperty("")
    about = StringProperty("")
    """Telephone, how many."""
    status = StringProperty("")
    waits = BooleanProperty(False)
    screen = ObjectProperty(None)


class Roll(ListScreen):
    """Keeps no name once it is out of sight."""

    title = StringProperty("")
    note = StringProperty("")
    walk_ins = NumericProperty(0)

    def refresh(self) -> None:
        """Take the sheet as it was last looked at."""
        super().refresh()
        staff, app = self.desk.attendance, App.get_running_app()
        if staff.near is not None:
            self.title = shortened(staff.near.title, LETTERS_WIDE if app.wide else LETTERS_TALL)
            came, told = staff.sheet.came, seats(staff.near, app.words)
            told += [app.words.plural("attendance.came", came)] if came else []
            self.note = " · ".join(told if app.wide else told[-1:])
        self.walk_ins = len(staff.sheet.walk_ins)
        lines = tuple(enumerate(staff.sheet.lines))
        self.draw(lines, LINES_WIDE if app.wide or app.larger > 1 else LINES_TALL, self._build)

    def _build(self, placed: tuple[int, Line]) -> RollLine:
        place, line = placed
        words = App.get_running_app().words
        return RollLine(
            place=place,
            number=str(line.number),
            first_name=line.first_name,
            about=" · ".join(filter(None, (line.phone, people(line, words)))),
            waits=line.waiting == line.people,
            status=line.status,
            screen=self,
        )


def people(line: Line, words: Words) -> str:
    """For how many, how many of them wait, and whether they signed up elsewhere."""
    sure = line.people - line.waiting
    told = [words.plural("place.people", sure)] if sure else []
    told += [words["staff.waiting"].format(count=line.waiting)] if line.waiting else []
    told += [words["attendance.elsewhere"]] if line.unit else []
    # A number and its word stay on one line.
    return " · ".join(part.replace(" ", "\u00a0") for part in told)


load_rules(__file__)
