"""On duty, a break, or off: what each of them notes is said beside it."""

from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Duty(DeskScreen):
    """The one that is, is lit."""

    duty = StringProperty("off")

    def refresh(self) -> None:
        """Ask the desk which one it is."""
        super().refresh()
        self.duty = self.desk.driver.driving().duty


load_rules(__file__)
