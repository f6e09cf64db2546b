"""A forgotten PIN without a network: digits to read out over the phone, a pad for the answer."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen
from .pin import noted


class Reset(DeskScreen):
    """No name is in sight here."""

    challenge = StringProperty("")
    typed = StringProperty("")
    note = StringProperty("")
    due = BooleanProperty(False)
    waits = BooleanProperty(False)

    def refresh(self) -> None:
        """Take the pad as it is now."""
        super().refresh()
        staff, words = self.desk.staff, App.get_running_app().words
        wait = staff.wait_left()
        self.challenge = f"{staff.challenge[:3]} {staff.challenge[3:]}".strip()
        self.typed, self.due, self.waits = _in_two(staff.pad.typed), staff.due, wait > 0
        self.note = words["pin.moment"] if self.due else noted(staff.pad.note, wait, words)

    def press(self, key: str) -> None:
        """A key was touched."""
        self.desk.press(key)
        self.refresh()


def _in_two(typed: str) -> str:
    """Ten places in two lines of five, a low line for what is missing."""
    places = [*typed, *"_" * (10 - len(typed))]
    return " ".join(places[:5]) + "\n" + " ".join(places[5:])


load_rules(__file__)
