"""*Encore là ?*: asked before everything is forgotten, and time is given to whoever asks."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class StillThere(DeskScreen):
    """A touch anywhere says yes."""

    def on_touch_down(self, touch):
        """Whoever misses the buttons is there too."""
        if not super().on_touch_down(touch):
            self.touch("stay")
        return True


load_rules(__file__)
