"""The chosen door, large, and *Oui*: the last touch."""

from kivy.properties import ObjectProperty

from ... import doors
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Confirm(DeskScreen):
    """Nothing is kept before *Oui*."""

    door = ObjectProperty(doors.DOORS[0], rebind=True)

    def refresh(self) -> None:
        """Dress for the chosen door."""
        super().refresh()
        if self.state.door:
            self.door = doors.find(self.state.door)

    def forget(self) -> None:
        """Whoever comes next does not see the door of whoever was there."""
        super().forget()
        self.door = doors.DOORS[0]


load_rules(__file__)
