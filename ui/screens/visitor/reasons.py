"""The doors: eight themes, two for whoever has no word for it, and the workshops."""

from kivy.properties import ListProperty, StringProperty
from kivy.uix.widget import Widget

from ... import doors
from ...widgets.buttons import Action, Tile
from ...widgets.rules import load_rules
from ..base import DeskScreen


class DoorTile(Tile):
    """A theme."""

    code = StringProperty("")


class DoorAction(Action):
    """A door that is not a theme."""

    code = StringProperty("")


class Reasons(DeskScreen):
    """Built from the doors, whatever they are."""

    shown = ListProperty(list(doors.DOORS))

    def on_kv_post(self, _base_widget) -> None:
        """Put one button per door where it belongs."""
        for door in self.shown:
            button = self._button(door)
            button.bind(on_release=lambda _, door=door: self.touch(door.touch, door.code))
            self._place(door).add_widget(button)

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
