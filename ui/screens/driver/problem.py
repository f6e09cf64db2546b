"""What is wrong, from the closed list: one touch. A delay has its own page."""

from protocol import codes

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
"""Code (list `incident`) → pictogram."""


class Problem(DeskScreen):
    """Built from the list, whatever is in it."""

    def on_kv_post(self, _base_widget) -> None:
        """Put one button per problem there."""
        for code, label in codes.CODES["incident"].items():
            if code == "delay":
                continue
            button = Segment(text=label, pictogram=PICTOGRAMS.get(code, "more_horiz"))
            button.bind(on_release=lambda _, code=code: self.touch("kind", code))
            self.ids.kinds.add_widget(button)


load_rules(__file__)
