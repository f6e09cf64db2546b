"""On duty, a break, or off: what each of them notes is said beside it."""

from kivy.properties import BooleanProperty, StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Duty(DeskScreen):
    """The one that is, is lit."""

    duty = StringProperty("off")
    is_over = BooleanProperty(False)
    """To be off duty is to have ended a service: not before the first of the day."""

    def refresh(self) -> None:
        """Ask the desk which one it is."""
        super().refresh()
        self.duty = self.desk.driver.driving().duty
        self.is_over = self.duty != "off" or self.desk.driver.has_served


load_rules(__file__)
