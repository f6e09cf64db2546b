"""How long an animation lasted; whichever the answer, it is noted."""

from kivy.properties import NumericProperty

from ...models import describing, tally
from ...widgets.chips import Chip
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Lasted(DeskScreen):
    """The last touch of a tally."""

    people = NumericProperty(0)

    def on_kv_post(self, _base_widget) -> None:
        """The steps of the code list."""
        for code in describing.choices("duration"):
            chip = Chip(text=describing.label("duration", code), value=code, size_of_type=30)
            chip.bind(on_release=lambda chip: self.touch("note", chip.value))
            self.ids.steps.add_widget(chip)

    def refresh(self) -> None:
        """Take how many were counted."""
        super().refresh()
        self.people = tally.people(self.desk.staff.animation.counts)


load_rules(__file__)
