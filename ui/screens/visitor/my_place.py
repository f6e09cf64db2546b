"""What stands under somebody's number: which workshop, for how many; to change or to give back."""

from kivy.app import App
from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from .offered import OfferedScreen


class MyPlace(OfferedScreen):
    """Shown to whoever gave number and letters."""

    people = StringProperty("")
    waiting = StringProperty("")

    def refresh(self) -> None:
        """Take the sign-up as it stands."""
        super().refresh()
        words, panel = App.get_running_app().words, self.state
        self.people = words.plural("my_place.people", panel.people)
        every = panel.waiting == panel.people
        key = "sign_up.waiting" if every else "sign_up.some_wait"
        self.waiting = words[key].format(count=panel.waiting) if panel.waiting else ""

    def forget(self) -> None:
        """Whoever comes next is not told how many there were."""
        super().forget()
        self.people = self.waiting = ""


load_rules(__file__)
