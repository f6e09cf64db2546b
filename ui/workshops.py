"""Somebody signs up for a workshop: what is on offer, what was typed, what was kept. No Kivy.

What was typed is in `typed` alone, and gone as soon as no page needs it.
"""

import msgspec

from appliance.vault import Sealer
from appliance.vehicle import documents
from protocol.documents import Programme

from . import memory
from .capture import Capture, SignUp
from .house import House
from .models import sign_up as model
from .models import typed as keys
from .models import workshops
from .models.moves import moved
from .models.panel import Panel, changed
from .models.typed import Typed
from .models.workshops import Offer
from .part import Part


class Workshops(Part):
    """Reads the programme and the screen's journal at each touch, never between two."""

    def __init__(self, house: House, capture: Capture, sealer: Sealer) -> None:
        self._house, self._capture, self._sealer = house, capture, sealer
        self.zone = house.zone
        self.offers: tuple[Offer, ...] = ()
        self.typed = Typed()

    def look(self) -> None:
        """Take the programme as it is now. Raises OperatorError: the journal is unreadable."""
        house = self._house
        programme = documents.read(house.uplink, "programme", Programme)
        told = memory.sign_ups(house.journal.path) if programme.workshops else ()
        self.offers = workshops.offers(programme, workshops.taken(told), house.stamp().utc)

    def find(self, workshop: str) -> Offer | None:
        """What is on offer under that id, when it was last looked at."""
        return next((offer for offer in self.offers if offer.id == workshop), None)

    def press(self, panel: Panel, key: str) -> None:
        """A key of the page's pad."""
        if panel.screen == "first_name":
            self._type(first_name=keys.spelt(self.typed.first_name, key))
        elif panel.screen == "phone":
            self._type(phone=keys.dialled(self.typed.phone, key))

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if (panel.screen, touch) in model.TOUCHES:
            self.look()
            return self._goes_on(panel, touch, value)
        after = moved(panel, touch)
        if after.screen != "workshops" or panel.screen == "workshops":
            return None
        self.look()
        return changed(after, workshop="")

    def follow(self, panel: Panel) -> None:
        """Another page is shown."""
        if not model.keeps_typed(panel):
            self.typed = Typed()

    def _goes_on(self, panel: Panel, touch: str, value: str) -> Panel:
        """To the next page of the sign-up: kept, when all is asked."""
        offer = self.find(value if touch == "workshop" else panel.workshop)
        if touch == "nameless":
            self._type(first_name="")
        elif touch == "phoneless":
            self._type(phone="")
        seals = not self._sealer.trouble
        after, is_due = model.touched(panel, touch, value, offer, seals=seals)
        return self._kept(after) if is_due else after

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
