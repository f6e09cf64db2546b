"""Whether the service goes on though the tour is over: unanswered, it ends by itself."""

from kivy.app import App
from kivy.properties import StringProperty

from ...widgets.rules import load_rules
from ..base import DeskScreen


class TourOver(DeskScreen):
    """Only held buttons answer: the answer is the driver's, not a visitor's."""

    ends = StringProperty("")

    def refresh(self) -> None:
        """Ask the desk how long it is until then."""
        super().refresh()
        words, minutes = App.get_running_app().words, self.desk.driver.minutes_left()
        self.ends = words["tour_over.ends"].format(minutes=minutes) if minutes is not None else ""
        if self.state.refused:
            self.ends = words["driver.refused"]


load_rules(__file__)
