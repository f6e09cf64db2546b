"""The end of the day, asked once more: what is left to do, and that names go for good."""

from kivy.app import App
from kivy.properties import ListProperty, ObjectProperty, StringProperty

from ...models.closing import Left
from ...widgets.layout import Row
from ...widgets.rules import load_rules
from ..base import DeskScreen


class LeftLine(Row):
    """Something left to do, and the way there."""

    left = ObjectProperty(Left("waiting", 1, ""), rebind=True)
    text = StringProperty("")
    screen = ObjectProperty(None)


class Closing(DeskScreen):
    """Nothing is erased before the second touch."""

    left = ListProperty()

    def refresh(self) -> None:
        """Take what is left as it is now."""
        super().refresh()
        self.left = self.desk.staff.left(self.desk.attendance.missing())

    def on_left(self, _screen: "Closing", left: list[Left]) -> None:
        """A line each."""
        words = App.get_running_app().words
        self.ids.lines.clear_widgets()
        for one in left:
            text = words.plural(f"left.{one.what}", one.count)
            self.ids.lines.add_widget(LeftLine(left=one, text=text, screen=self))


load_rules(__file__)
