"""The phone number, as it is read out; or none."""

from kivy.properties import StringProperty

from ...models import typed as model
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Phone(DeskScreen):
    """Keeps no digit once it is out of sight."""

    typed = StringProperty("")

    def refresh(self) -> None:
        """Take what was typed as it is now."""
        super().refresh()
        self.typed = model.in_pairs(self.desk.workshops.typed.phone)

    def press(self, key: str) -> None:
        """A key was touched."""
        self.desk.type(key)
        self.refresh()

    def forget(self) -> None:
        """Whoever comes next sees nothing of it."""
        super().forget()
        self.typed = ""


load_rules(__file__)
