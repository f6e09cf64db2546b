"""The first name, letter by letter, in the order that staff have set; or none."""

from kivy.properties import StringProperty

from ...models import typed as model
from ...widgets.rules import load_rules
from ..base import DeskScreen

PLACES = 5
"""For the other forms of the last letter: keys do not jump about."""


class FirstName(DeskScreen):
    """Keeps no letter once it is out of sight."""

    typed = StringProperty("")
    letters = StringProperty("")
    accents = StringProperty(" " * PLACES)

    def refresh(self) -> None:
        """Take what was typed as it is now."""
        super().refresh()
        self.letters = model.KEYBOARDS[self.desk.house.settings.keyboard]
        self.typed = self.desk.workshops.typed.first_name
        self.accents = model.accents(self.typed).rjust(PLACES)

    def press(self, key: str) -> None:
        """A key was touched."""
        self.desk.type(key)
        self.refresh()

    def forget(self) -> None:
        """Whoever comes next sees nothing of it."""
        super().forget()
        self.typed, self.accents = "", " " * PLACES


load_rules(__file__)
