"""What is wrong, from the closed list: one touch. A delay has its own page."""

from kivy.app import App

from ...widgets.buttons import Segment
from ...widgets.rules import load_rules
from ..base import DeskScreen

PICTOGRAMS = {
    "road": "barrier",
    "breakdown": "car_repair",
    "accident": "minor_crash",
    "power": "power_off",
    "equipment": "devices_off",
    "place_taken": "local_parking",
    "weather": "thunderstorm",
    "safety": "shield",
    "staff_missing": "person_off",
    "other": "more_horiz",
}
"""Code (list `incident`) → pictogram; its words are in section `incident`."""


class Problem(DeskScreen):
    """One button per problem."""

    def on_kv_post(self, _base_widget) -> None:
        """Put the buttons there."""
        words = App.get_running_app().words
        for code, pictogram in PICTOGRAMS.items():
            button = Segment(text=words[f"incident.{code}"], pictogram=pictogram)
            button.bind(on_release=lambda _, code=code: self.touch("kind", code))
            self.ids.kinds.add_widget(button)


load_rules(__file__)
