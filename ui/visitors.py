"""Visitors at the panel: a check-in and a call for help are kept before they are shown. No Kivy."""

from protocol.incidents import HelpRequested

from . import memory
from .house import House
from .models import visitor as model
from .models.moves import WITH_HELP
from .models.panel import Panel
from .models.visitor import Facts
from .part import Part


class Visitors(Part):
    """From *Bonjour* to a number."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.help_since: int | None = None
        """Boot time (ms) at which help was asked for; None: nobody waits for it."""

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if touch == "help" and panel.screen in WITH_HELP:
            self._house.keep(HelpRequested(screen=model.asked_from(panel)))
            return model.asks_help(panel)
        if (panel.screen, touch) == ("confirm", "yes"):
            return self._checks_in(panel)
        return model.touched(panel, touch, value)

    def follow(self, panel: Panel) -> None:
        asks = panel.screen in ("help", "other_language")
        if asks != (self.help_since is not None):
            self.help_since = self._house.clock.boottime() if asks else None

    def _checks_in(self, panel: Panel) -> Panel:
        house, journal = self._house, self._house.journal
        facts = Facts(
            memory.next_number(journal.path, house.stamp(), journal.anchor, house.zone),
            memory.open_stop(house.data / "vehicle.db"),
        )
        house.keep(model.check_in(panel, facts))
        return model.checked_in(panel, facts.number)
