"""The panel while the vehicle moves: dark, without a button; on duty, the tour's name alone."""

from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Dark(DeskScreen):
    """Nothing to touch, and hardly anything to read."""

    tour = StringProperty("")

    def refresh(self) -> None:
        """Ask the desk which tour it is."""
        super().refresh()
        driver = self.desk.driver
        today = driver.itinerary.tour if driver.driving().duty == "on" else None
        self.tour = today.name if today else ""


load_rules(__file__)
