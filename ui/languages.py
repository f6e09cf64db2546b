"""The languages of the first page: which are offered, and who asks for another. Knows no Kivy."""

from appliance.vehicle import documents
from protocol.documents import Settings
from protocol.incidents import HelpRequested

from .house import House
from .models import languages as model
from .models.panel import Panel
from .part import Part
from .text import catalogue

LOOKED_EACH = 60.0
"""Seconds: settings of the federation arrive while nobody is there."""


class Languages(Part):
    """French, and those that somebody wished for and a speaker has read."""

    def __init__(self, house: House) -> None:
        self._house, self._looked = house, house.now()
        self.offered: tuple[str, ...] = ()
        self.look()

    def look(self) -> None:
        """Take the wishes as they are now: staff's, the federation's, the unit's file's."""
        self._looked = self._house.now()
        self.offered = offered(self._house)

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if (panel.screen, touch) == ("welcome", "language"):
            self._house.voice.name(value)
            return model.chosen(panel, value)
        if (panel.screen, touch) == ("welcome", "other_language"):
            self._house.keep(HelpRequested(screen="other_language"))
            return model.asks_other(panel)
        return None

    def follow(self, panel: Panel) -> None:
        if panel.screen == "welcome":
            self.look()

    def step(self, now: float, panel: Panel) -> Panel:
        if panel.screen == "welcome" and now - self._looked >= LOOKED_EACH:
            self.look()
        return panel


def offered(house: House) -> tuple[str, ...]:
    """Those of the first page, in their order, as somebody wishes for them now."""
    told = documents.read(house.uplink, "settings", Settings)
    wishes = (house.settings.languages, told.languages, house.config.screen.languages)
    return model.offered(wishes, lambda language: is_readable(house, language))


def is_readable(house: House, language: str) -> bool:
    """Whether it has a catalogue that a speaker has read, or the unit shows those unread too."""
    if language not in catalogue.languages():
        return False
    return house.config.screen.unread_languages or catalogue.load(language).proof_read
