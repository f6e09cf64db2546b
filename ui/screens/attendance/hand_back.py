"""Asked once before staff give a place back, away from the key that led here."""

from kivy.app import App
from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen
from .roll import people


class HandBack(DeskScreen):
    """Two buttons; nothing has happened yet. A name is here while it is shown."""

    number = StringProperty("")
    first_name = StringProperty("")
    people = StringProperty("")

    def refresh(self) -> None:
        """Take the line as it stands."""
        super().refresh()
        line, words = self.desk.attendance.line, App.get_running_app().words
        if line is None:
            return
        self.number = words["place.number"].format(number=line.number)
        self.first_name, self.people = line.first_name, people(line, words)

    def forget(self) -> None:
        """Names do not wait in a page that is out of sight."""
        super().forget()
        self.first_name = self.number = self.people = ""


load_rules(__file__)
