"""One sign-up: who comes, how many of them, and their seats. A name is here while it is shown."""

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from ...models.attendance import Line
from ...widgets.chips import Chip
from ...widgets.rules import load_rules
from ..base import DeskScreen
from .roll import people

MOST_KEYS = 6


class Place(DeskScreen):
    """What of it another vehicle holds is changed there."""

    number = StringProperty("")
    first_name = StringProperty("")
    phone = StringProperty("")
    people = StringProperty("")
    count = NumericProperty(1)
    waiting = NumericProperty(0)
    free = NumericProperty(0)
    status = StringProperty("")
    came = NumericProperty(0)
    is_ours = BooleanProperty(True)
    can_go = BooleanProperty(True)

    _keys = 0

    def refresh(self) -> None:
        """Take the line as it stands."""
        super().refresh()
        staff = self.desk.attendance
        if staff.line is None:
            return
        self._take(staff.line)
        self.free = max(0, staff.near.seats - staff.near.taken) if staff.near else 0

    def more(self, people: int) -> None:
        """One more, or one fewer."""
        self.touch("people", str(self.count + people))

    def forget(self) -> None:
        """Names do not wait in a page that is out of sight."""
        super().forget()
        self.first_name = self.phone = self.number = self.people = ""

    def _take(self, line: Line) -> None:
        words = App.get_running_app().words
        self.number = words["place.number"].format(number=line.number)
        self.first_name, self.phone = line.first_name, line.phone
        self.people, self.count = people(line, words), line.people
        self.waiting, self.is_ours = line.waiting, line.unit is None
        self.status, self.came, self.can_go = line.status, line.came, line.can_go
        self._draw_keys(min(line.people, MOST_KEYS) if line.people > 1 else 0)

    def _draw_keys(self, count: int) -> None:
        """How many of a group came."""
        place = self.ids.came
        if count != self._keys:
            self._keys = count
            place.clear_widgets()
            for number in range(1, count + 1):
                key = Chip(text=str(number), value=str(number))
                key.bind(on_release=lambda key: self.touch("came", key.value))
                place.add_widget(key)
        for key in place.children:
            key.lit = self.status == "seen" and key.value == str(self.came)


load_rules(__file__)
