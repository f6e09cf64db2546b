"""Somebody signs up for a workshop: what is on offer, what was typed, what was kept. No Kivy.

What was typed is in `typed` alone, and gone as soon as no page needs it.
"""

import msgspec

from appliance.config import UnitConfig
from appliance.vehicle import documents
from protocol.documents import Programme

from . import memory
from .capture import Capture, SignUp
from .models import sign_up as model
from .models import typed as keys
from .models import workshops
from .models.panel import Panel
from .models.typed import Typed
from .models.workshops import Offer


class Workshops:
    """Reads the programme and the screen's journal at each touch, never between two."""

    def __init__(self, config: UnitConfig, capture: Capture) -> None:
        data = config.paths.data
        self._capture, self.zone = capture, config.unit.zone
        self._journal, self._uplink = data / "screen.db", data / "uplink.db"
        self.offers: tuple[Offer, ...] = ()
        self.typed = Typed()

    def look(self, utc: int | None) -> None:
        """Take the programme as it is now. Raises OperatorError: the journal is unreadable."""
        programme = documents.read(self._uplink, "programme", Programme)
        taken = workshops.taken(memory.sign_ups(self._journal)) if programme.workshops else {}
        self.offers = workshops.offers(programme, taken, utc)

    def find(self, workshop: str) -> Offer | None:
        """What is on offer under that id, when it was last looked at."""
        return next((offer for offer in self.offers if offer.id == workshop), None)

    def press(self, panel: Panel, key: str) -> None:
        """A key of the page's pad."""
        if panel.screen == "first_name":
            self._type(first_name=keys.spelt(self.typed.first_name, key))
        elif panel.screen == "phone":
            self._type(phone=keys.dialled(self.typed.phone, key))

    def touched(self, panel: Panel, touch: str, value: str, *, seals: bool) -> Panel:
        """The panel after a touch of `sign_up.TOUCHES`: kept, when all is asked."""
        offer = self.find(value if touch == "workshop" else panel.workshop)
        if touch == "nameless":
            self._type(first_name="")
        elif touch == "phoneless":
            self._type(phone="")
        after, is_due = model.touched(panel, touch, value, offer, seals=seals)
        return self._kept(after) if is_due else after

    def follow(self, panel: Panel) -> None:
        """Another page is shown."""
        if not model.keeps_typed(panel):
            self.typed = Typed()

    def _kept(self, panel: Panel) -> Panel:
        said, unsealed = self._take(panel, self.typed), panel.unsealed
        if said.outcome == "unsealed":
            said, unsealed = self._take(panel, Typed()), True
        return model.answered(panel, said.number, unsealed=unsealed)

    def _take(self, panel: Panel, typed: Typed) -> SignUp:
        who = (typed.first_name, typed.phone)
        return self._capture.sign_up(panel.workshop, panel.people, panel.waiting, *who)

    def _type(self, **text: str) -> None:
        self.typed = msgspec.structs.replace(self.typed, **text)
