"""The driver at the panel: duty, arrival and departure, each word kept before it shows. No Kivy."""

from protocol import duty, stops
from protocol.event import Event

from . import memory
from .house import House
from .models import driving as model
from .models.driving import Driving, Duty, Told
from .models.panel import Panel, changed
from .part import Part

DUTIES = {
    "started": duty.Started,
    "paused": duty.Paused,
    "resumed": duty.Resumed,
    "ended": duty.Ended,
}
STOPS = {"arrived": stops.Arrived, "departed": stops.Departed}


class Driver(Part):
    """Remembers the driver's last words until the vehicle has heard them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._duty: Duty = memory.last_duty(house.journal.path)
        self._standing = memory.said_arrived(house.journal.path)
        self._told = float("-inf")

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if panel.screen != "driver" or touch not in ("duty", "stop"):
            return None
        if touch == "stop":
            self._keep(STOPS[value](source="driver"))
        elif word := model.duty_touch(self.driving().duty, value):
            self._keep(DUTIES[word]())
        return changed(panel, refused=False)

    def driving(self) -> Driving:
        """What the page says."""
        house = self._house
        told = Told(duty=self._duty, standing=self._standing, age=house.now() - self._told)
        return model.driving(house.vehicle, told, house.clock.boottime())

    def noted(self) -> bool:
        """Whether a word of the driver was kept in the last seconds."""
        return self._house.now() - self._told < model.SETTLES

    def _keep(self, event: Event) -> None:
        self._house.keep(event)
        self._told = self._house.now()
        if event.TYPE in model.DUTY_OF:
            self._duty = model.DUTY_OF[event.TYPE]
        else:
            self._standing = isinstance(event, stops.Arrived)
