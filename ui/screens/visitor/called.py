"""What the pages of a call for help have in common: whether it rings. Promises nobody otherwise."""

from kivy.properties import BooleanProperty

from ..base import DeskScreen


class CalledScreen(DeskScreen):
    """Where nothing rings, the person is shown to the team instead."""

    rings = BooleanProperty(False)

    def refresh(self) -> None:
        """Look whether the vehicle rings."""
        super().refresh()
        self.rings = self.desk.visitors.rings
