"""What the pages of a sign-up have in common: the workshop that is meant, in words."""

from kivy.app import App
from kivy.properties import BooleanProperty, StringProperty

from ...models import workshops as model
from ...widgets.layout import Column
from ...widgets.rules import load_rules
from ..base import DeskScreen


class OfferedScreen(DeskScreen):
    """Says which workshop, when, and what is left of it."""

    workshop = StringProperty("")
    date = StringProperty("")
    left = StringProperty("")
    is_full = BooleanProperty(False)

    def refresh(self) -> None:
        """Take the workshop as it was last looked at."""
        super().refresh()
        shelf, words = self.desk.workshops, App.get_running_app().words
        offer = shelf.find(self.state)
        if offer is None:
            return
        self.workshop, self.is_full = offer.title, not offer.left
        self.date = model.when(offer.starts, shelf.zone, words)
        self.left = model.seats_left(offer.left, words)

    def forget(self) -> None:
        """Whoever comes next is not told what somebody chose."""
        super().forget()
        self.workshop = self.date = self.left = ""


class OfferSummary(Column):
    """Two lines: what and when; a third for the seats."""

    workshop = StringProperty("")
    date = StringProperty("")
    left = StringProperty("")
    is_full = BooleanProperty(False)
    narrow = BooleanProperty(False)
    """A long title has little room."""


load_rules(__file__)
