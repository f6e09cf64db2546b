"""What is said without being asked for: *Encore là ?*, and that the battery runs out. No Kivy."""

from . import recordings
from .house import House
from .models.driving import battery_minutes
from .models.panel import Panel
from .part import Part


class Announcer(Part):
    """Touches are none of its business."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._warned = False
        self.minutes_left: int | None = None
        """Until the unit switches itself off; None: it does not."""

    def follow(self, panel: Panel) -> None:
        if panel.screen == "still_there":
            # Whoever does not look at the screen must hear that it is about to forget.
            self._house.voice.announce([recordings.STILL_THERE], panel.language)

    def step(self, now: float, panel: Panel) -> Panel:
        power = (self._house.vehicle or {}).get("power") or {}
        self.minutes_left = battery_minutes(self._house.vehicle)
        if not power.get("speak"):
            self._warned = False
        elif not self._warned:
            # In French, for those who can start the engine; again, until it could be said.
            self._warned = self._house.voice.say([recordings.BATTERY])
        return panel
