"""What is said without being asked for: *Encore là ?*, and that the battery runs out. No Kivy."""

from . import recordings
from .house import House
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
        left = power.get("seconds_left")
        warns = power.get("warning") == "battery" and left is not None
        self.minutes_left = -(-left // 60) if warns else None
        if power.get("speak") and not self._warned:
            # In French, for those who can start the engine.
            self._house.voice.say([recordings.BATTERY])
        self._warned = bool(power.get("speak"))
        return panel
