"""The number somebody took home: digits, nothing else."""

from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen


class TypedScreen(DeskScreen):
    """What the pages of number and letters have in common: keys, and a word about the last try."""

    typed = StringProperty("")
    note = StringProperty("")
    """Key of a sentence."""

    def refresh(self) -> None:
        """Take what was typed as it is now."""
        super().refresh()
        self.typed, self.note = self.desk.my_place.typed, self.desk.my_place.note

    def press(self, key: str) -> None:
        """A key was touched."""
        self.desk.type(key)
        self.refresh()

    def forget(self) -> None:
        """Whoever comes next sees nothing of it."""
        super().forget()
        self.typed = self.note = ""


class MyNumber(TypedScreen):
    """Leads on when the number is of this vehicle."""


load_rules(__file__)
