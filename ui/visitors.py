"""Visitors at the panel: a check-in and a call for help are kept before they are shown. No Kivy."""

from appliance.vehicle import documents
from protocol.documents import Tours
from protocol.incidents import HelpRequested

from . import memory
from .house import House
from .models import questions
from .models import visitor as model
from .models.moves import WITH_HELP
from .models.panel import Panel, Visit
from .models.questions import Question
from .models.visitor import Facts
from .part import Part

ASKS = ("help", "other_language")
"""Pages of somebody who waits for help."""


class Visitors(Part):
    """From *Bonjour* to a number."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.help_since: int | None = None
        """Boot time (ms) at which help was asked for; None: nobody waits for it."""
        self.questions: tuple[Question, ...] = ()
        """What whoever has just checked in may be asked."""

    @property
    def rings(self) -> bool:
        """Whether a call for help is heard: a vehicle that lives, with a buzzer that works."""
        vehicle = self._house.vehicle
        return bool(vehicle and vehicle.get("rings"))

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if touch == "help" and panel.screen in WITH_HELP:
            self._house.keep(HelpRequested(screen=model.asked_from(panel)))
            return model.asks_help(panel)
        if touch == "back" and panel.screen in ASKS:
            self._house.helped = self._house.clock.boottime()
        if (panel.screen, touch) == ("confirm", "yes"):
            return self._checks_in(panel)
        if (panel.screen, touch) == ("question", "answer") and panel.visit:
            return self._answered(panel, panel.visit, value)
        return model.touched(panel, touch, value)

    def follow(self, panel: Panel) -> None:
        asks = panel.screen in ASKS
        if asks != (self.help_since is not None):
            self.help_since = self._house.clock.boottime() if asks else None
        if panel.visit is None:
            self.questions = ()

    def _checks_in(self, panel: Panel) -> Panel:
        house, journal = self._house, self._house.journal
        facts = Facts(
            memory.next_number(journal.path, house.stamp(), journal.anchor, house.zone),
            memory.open_stop(house.data / "vehicle.db", house.vehicle),
        )
        key = house.keep(model.check_in(panel, facts))
        self.questions = self._asked()
        return model.checked_in(panel, Visit(key, facts.number))

    def _asked(self) -> tuple[Question, ...]:
        house, now = self._house, self._house.local_time()
        tours = documents.read(house.uplink, "tour", Tours)
        today = now.date().isoformat() if now else ""
        return questions.asked(house.settings.questions, tours, today)

    def _answered(self, panel: Panel, visit: Visit, answer: str) -> Panel:
        question = self.questions[panel.question]
        told = questions.described(visit.key, question.code, answer)
        if told is not None:
            self._house.keep(told)
        return model.answered(panel, len(self.questions))
