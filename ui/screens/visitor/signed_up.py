"""The number of a sign-up, which workshop, when, and whether somebody waits; it goes by itself."""

from kivy.app import App
from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from .offered import OfferedScreen


class SignedUp(OfferedScreen):
    """Only ever shown when the sign-up is on the card."""

    waiting = StringProperty("")
    aside = StringProperty("")
    """That no name was kept, when so."""

    def refresh(self) -> None:
        """Say who waits."""
        super().refresh()
        words, panel = App.get_running_app().words, self.state
        self.waiting = ""
        if panel.waiting:
            every = panel.waiting == panel.people
            key = "sign_up.waiting" if every else "sign_up.some_wait"
            self.waiting = words[key].format(count=panel.waiting)
        self.aside = words["sign_up.unsealed"] if panel.unsealed else ""


load_rules(__file__)
