"""The PIN: chosen, typed once more, or entered; dots for digits, and how long to wait."""

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from ...models import staff as model
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Pin(DeskScreen):
    """Shows how many digits were typed, never which."""

    aim = StringProperty("enter")
    typed = NumericProperty(0)
    note = StringProperty("")
    """What is to be said, in words."""
    due = BooleanProperty(False)
    """It takes a moment."""
    waits = BooleanProperty(False)

    def refresh(self) -> None:
        """Take the pad as it is now."""
        super().refresh()
        staff, words = self.desk.staff, App.get_running_app().words
        wait = staff.wait_left() if staff.pad.aim == "enter" else 0.0
        self.aim, self.typed, self.due = staff.pad.aim, len(staff.pad.typed), staff.due
        self.waits = wait > 0
        self.note = words["pin.moment"] if self.due else noted(staff.pad.note, wait, words)

    def press(self, key: str) -> None:
        """A key was touched."""
        self.desk.press(key)
        self.refresh()


def noted(note: str, wait: float, words: dict[str, str]) -> str:
    """What is said about the last try, and about the next."""
    if wait > 0:
        return words["pin.wait"].format(time=model.told_time(wait, words))
    return words[note] if note else ""


load_rules(__file__)
