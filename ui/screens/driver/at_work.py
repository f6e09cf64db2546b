"""Whether the service begins: asked when the ignition or a check-in comes off duty."""

from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen


class AtWork(DeskScreen):
    """Only a held button says yes: the answer is the driver's, not a visitor's."""

    duty = StringProperty("off")

    def refresh(self) -> None:
        """Ask the desk whether it is a break that may be over."""
        super().refresh()
        self.duty = self.desk.driver.driving().duty


load_rules(__file__)
