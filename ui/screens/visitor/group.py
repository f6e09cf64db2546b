"""More people than seats: all wait, or some of them; nobody splits a group for them."""

from kivy.app import App
from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from .offered import OfferedScreen


class Group(OfferedScreen):
    """Two buttons, and the arrow back to another number of people."""

    title = StringProperty("")
    some = StringProperty("")

    def refresh(self) -> None:
        """Say how many would wait."""
        super().refresh()
        words, offer = App.get_running_app().words, self.desk.workshops.find(self.state)
        left = offer.left if offer else 0
        self.title = words.plural("group.title", left)
        waiting = self.state.people - left
        self.some = words["group.some_wait"].format(seats=left, waiting=waiting)

    def forget(self) -> None:
        """Whoever comes next is not told how many there were."""
        super().forget()
        self.title = self.some = ""


load_rules(__file__)
