"""Asks the driver whether the service begins or goes on, when nobody is at the panel. No Kivy."""

from appliance.errors import OperatorError
from protocol.event import Key

from . import memory
from .house import House
from .models import asking as model
from .models.asking import Asking
from .models.driving import Duty
from .models.panel import Panel


class Reminders:
    """`step` once a second."""

    def __init__(self, house: House) -> None:
        self._house, self._asking = house, Asking()
        self._head, self._check_in = house.journal.head, memory.last_check_in(house.journal.path)

    def step(self, panel: Panel, duty: Duty) -> Panel:
        """The panel, or the question when there is one and nobody is in front of it."""
        vehicle, came = self._house.vehicle, self._somebody_came()
        if vehicle is None:
            return panel  # nobody who would note anything is there
        self._asking = model.seen(
            self._asking,
            duty=duty,
            ignition=vehicle.get("ignition") is True,
            checked_in=came,
            minutes_left=vehicle.get("minutes_left"),
        )
        question = self._asking.question
        if not question or panel != Panel() or self._house.trial:
            return panel
        self._asking = model.asked(self._asking)
        return Panel(screen=question)

    def _somebody_came(self) -> bool:
        """Whether there is a check-in since the last look."""
        head = self._house.journal.head
        if head == self._head:
            return False
        try:
            latest: Key | None = memory.last_check_in(self._house.journal.path)
        except OperatorError:
            return False  # whoever keeps something is the one to say so
        came = latest != self._check_in
        self._head, self._check_in = head, latest
        return came
