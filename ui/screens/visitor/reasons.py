"""The doors: eight themes, two for whoever has no word for it, and the workshops."""

from kivy.app import App
from kivy.metrics import dp
from kivy.properties import ListProperty, StringProperty
from kivy.uix.widget import Widget

from ... import doors, theme
from ...text import shape
from ...widgets.buttons import Action, Tile
from ...widgets.rules import load_rules
from ...widgets.text import width_of
from ..base import DeskScreen


class DoorTile(Tile):
    """A theme."""

    code = StringProperty("")


class DoorAction(Action):
    """A door that is not a theme."""

    code = StringProperty("")

    def needs(self, text: str, larger: float) -> float:
        """Pixels on one line: side by side, each takes room in that proportion."""
        script = shape.script(text)
        line = shape.joined(text) if script == "arabic" else text
        letters = width_of(line, theme.font(600, script), dp(self.size_of_type) * larger)
        return letters + dp(self.side + self.gap) + self.padding[0] + self.padding[2]


class Reasons(DeskScreen):
    """Built from the doors, whatever they are."""

    shown = ListProperty(list(doors.DOORS))

    def on_kv_post(self, _base_widget) -> None:
        """Put one button per door where it belongs."""
        for door in self.shown:
            button = self._button(door)
            button.bind(on_release=lambda _, door=door: self.touch(door.touch, door.code))
            self._place(door).add_widget(button)

    def refresh(self) -> None:
        """Side by side, each button takes the room that its words need in this language."""
        super().refresh()
        wide = App.get_running_app().wide
        for row in (self.ids.person, self.ids.others):
            row.size_hint_x = sum(each.size_hint_x for each in row.children) if wide else 1

    def _place(self, door: doors.Door) -> Widget:
        if door.is_theme:
            return self.ids.themes
        # Who wants to speak to somebody finds that first.
        return self.ids.others if self.ids.person.children else self.ids.person

    @staticmethod
    def _button(door: doors.Door) -> Tile | Action:
        look = {"pictogram": door.pictogram, "fill": door.tint, "edge": door.edge}
        if door.is_theme:
            return DoorTile(code=door.code, deep=door.deep, **look)
        return DoorAction(code=door.code, ink=door.deep, **look)


load_rules(__file__)
