"""The doors: eight themes, and two for whoever has no word for it."""

from kivy.properties import ListProperty, StringProperty

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

    shown = ListProperty(doors.shown())

    def on_kv_post(self, _base_widget) -> None:
        """Put one button per door where it belongs."""
        for door in self.shown:
            button = self._button(door)
            button.bind(on_release=lambda _, code=door.code: self.touch("chose", code))
            (self.ids.themes if door.is_theme else self.ids.others).add_widget(button)

    @staticmethod
    def _button(door: doors.Door) -> Tile | Action:
        look = {"pictogram": door.pictogram, "fill": door.tint, "edge": door.edge}
        if door.is_theme:
            return DoorTile(code=door.code, deep=door.deep, **look)
        return DoorAction(code=door.code, ink=door.deep, **look)


load_rules(__file__)
