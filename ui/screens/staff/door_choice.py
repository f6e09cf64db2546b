"""Doors for staff: a visit that is noted for somebody, and what an animation was about."""

from kivy.properties import ListProperty, StringProperty

from ... import doors
from ...widgets.buttons import Tile
from ...widgets.rules import load_rules
from ..base import DeskScreen


class StaffDoor(Tile):
    """In as few letters as staff need."""

    code = StringProperty("")


class DoorChoice(DeskScreen):
    """Every door that counts as something, the same size each."""

    shown = ListProperty([door for door in doors.DOORS if door.touch == "chose"])
    title = StringProperty("")
    note = StringProperty("")

    def on_kv_post(self, _base_widget) -> None:
        """Put one tile per door."""
        for door in self.shown:
            look = {"pictogram": door.pictogram, "fill": door.tint, "edge": door.edge}
            tile = StaffDoor(code=door.code, deep=door.deep, **look)
            tile.bind(on_release=lambda tile: self.touch("chose", tile.code))
            self.ids.doors.add_widget(tile)


class CheckIn(DoorChoice):
    """*Noter une venue*: the second touch keeps it."""


class Animation(DoorChoice):
    """What is done in the street."""

    shown = ListProperty([door for door in doors.DOORS if door.touch == "chose"][:-1])


load_rules(__file__)
