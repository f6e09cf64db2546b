"""The driver's page: duty, arrival, departure; large enough for gloves, in night colours."""

from kivy.app import App
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty

from ...models.driving import Driving
from ...widgets.rules import load_rules
from ..base import DeskScreen


class Driver(DeskScreen):
    """Shows the vehicle's own word beside the driver's; every button stays in its place."""

    driving = ObjectProperty(Driving(), rebind=True)
    time = StringProperty("")
    line = StringProperty("")
    """Below the place: what became of the last touch, else since when, and what the GPS does."""
    answered = BooleanProperty(False)
    next_word = StringProperty("")
    """arrived or departed: which of the two is lit; "" off duty."""

    def refresh(self) -> None:
        """Ask the desk what the vehicle does."""
        super().refresh()
        self.driving = self.desk.driver.driving()
        moment = self.desk.house.local_time()
        self.time = f"{moment:%-H} h {moment:%M}" if moment else ""
        self.answered = self.state.refused or self.desk.driver.noted()
        self.line = self._line(App.get_running_app().words)
        self.next_word = ""
        if self.driving.duty == "on":
            self.next_word = "departed" if self.driving.standing else "arrived"

    def _line(self, words: dict[str, str]) -> str:
        if self.answered:
            return words["driver.refused" if self.state.refused else "driver.noted"]
        gps, minutes = words[f"driver.{self.driving.gps}"], self.driving.minutes
        if minutes is None:
            return gps
        return f"{words['driver.since'].format(minutes=minutes)} · {gps}"


load_rules(__file__)
