"""A check-in that counts no more: that is noted; another reason, or back again, in one touch."""

from kivy.app import App
from kivy.properties import StringProperty

from protocol import codes

from ...staff.visits import MISTAKE
from ...widgets.chips import Chip
from ...widgets.rules import load_rules
from ..base import DeskScreen

REASONS = tuple(code for code in codes.CODES["cancel_reason"] if code != codes.NOT_STATED)


class Strike(DeskScreen):
    """Nothing is erased: the check-in stays in the journal, and counts nowhere."""

    title = StringProperty("")

    def on_kv_post(self, _base_widget) -> None:
        """A reason a key."""
        for code in REASONS:
            label = codes.label("cancel_reason", code)
            chip = Chip(text=label, value=code, size_of_type=26, lit=code == MISTAKE)
            chip.bind(on_release=lambda chip: self.touch("because", chip.value))
            self.ids.reasons.add_widget(chip)

    def refresh(self) -> None:
        """Take the visit it is about."""
        super().refresh()
        shown, words = self.desk.staff.visits.shown, App.get_running_app().words
        if shown:
            self.title = words["strike.title"].format(number=shown[0].number)


load_rules(__file__)
