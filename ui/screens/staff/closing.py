"""The end of the day, asked once more: what is left to do, and that names go for good."""

from kivy.app import App
from kivy.properties import ListProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from ...models.closing import Left
from ...widgets.rules import load_rules
from ...widgets.surfaces import Press
from ..base import DeskScreen


class LeftKey(Press, AnchorLayout):
    """Something left to do; a touch leads there."""

    what = StringProperty("")
    text = StringProperty("")


class Closing(DeskScreen):
    """Nothing is erased before the second touch."""

    left = ListProperty()

    def refresh(self) -> None:
        """Take what is left as it is now."""
        super().refresh()
        sheets = self.desk.attendance
        self.left = self.desk.staff.left(sheets.missing, sheets.untold())

    def on_left(self, _screen: "Closing", left: list[Left]) -> None:
        """A key each."""
        words = App.get_running_app().words
        self.ids.lines.clear_widgets()
        for one in left:
            text = words.plural(f"left.{one.what}", one.count)
            key = LeftKey(what=one.what, text=text)
            key.bind(on_release=lambda _, one=one: self.touch(one.touch))
            self.ids.lines.add_widget(key)


load_rules(__file__)
