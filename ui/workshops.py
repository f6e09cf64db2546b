"""Somebody signs up for a workshop: what is on offer, what was typed, what was kept. No Kivy.

What was typed is in `typed` alone, and gone as soon as no page needs it.
"""

import msgspec

from appliance.vault import Sealer
from protocol.workshops import Changed

from .capture import Capture, SignUp
from .house import House
from .models import sign_up as model
from .models import typed as keys
from .models.moves import moved
from .models.panel import Panel, changed
from .models.typed import Typed
from .models.workshops import Offer
from .part import Part
from .seats import Seats


class Workshops(Part):
    """Reads the programme and the screen's journal at each touch, never between two."""

    def __init__(self, house: House, seats: Seats, capture: Capture, sealer: Sealer) -> None:
        self._seats, self._capture, self._sealer = seats, capture, sealer
        self.zone = house.zone
        self.typed = Typed()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is on offer, as it was last looked at."""
        return self._seats.offers

    def look(self) -> None:
        """Take the programme as it is now. Raises OperatorError: the journal is unreadable."""
        self._seats.look()

    def find(self, panel: Panel) -> Offer | None:
        """The workshop that somebody signs up for; whoever changes a sign-up may keep its seats."""
        offer = self._seats.find(panel.workshop)
        own = self._seats.standings.get(panel.sign_up) if panel.sign_up else None
        return offer._replace(left=offer.left + own.held) if offer and own else offer

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
        if (panel.screen, touch) == ("notice", "back") and panel.workshop:
            return changed(panel, screen="first_name")
        after = moved(panel, touch)
        if after.screen != "workshops" or panel.screen == "workshops":
            return None
        self.look()
        return changed(after, workshop="", sign_up=None, number=0)

    def follow(self, panel: Panel) -> None:
        """Another page is shown."""
        if not model.keeps_typed(panel):
            self.typed = Typed()

    def _goes_on(self, panel: Panel, touch: str, value: str) -> Panel:
        """To the next page of the sign-up: kept, when all is asked."""
        if touch == "workshop":
            panel = changed(panel, workshop=value)
        elif touch == "nameless":
            self._type(first_name="")
        elif touch == "phoneless":
            self._type(phone="")
        seals = not self._sealer.trouble
        after, is_due = model.touched(panel, touch, value, self.find(panel), seals=seals)
        return self._kept(after) if is_due else after

    def _kept(self, panel: Panel) -> Panel:
        if panel.sign_up is not None:
            told = (panel.people, panel.waiting)
            self._seats.keep(
                Changed(sign_up=panel.sign_up, seats=told[0], waiting=told[1], cause="asked")
            )
            return model.answered(panel, panel.number, panel.sign_up, unsealed=False)
        said, unsealed = self._take(panel, self.typed), panel.unsealed
        if said.outcome == "unsealed":
            said, unsealed = self._take(panel, Typed()), True
        return model.answered(panel, said.number, said.key, unsealed=unsealed)

    def _take(self, panel: Panel, typed: Typed) -> SignUp:
        who = (typed.first_name, typed.phone)
        about = (panel.workshop, panel.people, panel.waiting, *who)
        return self._capture.sign_up(*about, by_staff=panel.by_staff)

    def _type(self, **text: str) -> None:
        self.typed = msgspec.structs.replace(self.typed, **text)
