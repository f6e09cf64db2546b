"""The seats of this vehicle's workshops: who has one, who waits, who moves up. Knows no screen.

What frees seats is kept together with whom it lets move up: both are on the card, or neither.
"""

import logging

from appliance.errors import OperatorError
from appliance.vehicle import documents
from protocol import standing
from protocol.documents import Programme
from protocol.event import Event, Key
from protocol.standing import Standing
from protocol.workshops import Cancelled, Changed

from . import memory
from .house import House
from .models import waiting, workshops
from .models.panel import Panel
from .models.workshops import Offer
from .part import Part

log = logging.getLogger("screen")

EACH = 60.0
"""Seconds between two looks at whether seats came free."""


class Seats(Part):
    """Shared by the pages of visitors and of staff; knows what there was when it last looked."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.programme = Programme()
        self.told: list[tuple[Key, Event]] = []
        """All that this screen's journal knows of workshops, oldest first."""
        self.standings: dict[Key, Standing] = {}
        self.offers: tuple[Offer, ...] = ()
        self._looked = float("-inf")

    def step(self, now: float, panel: Panel) -> Panel:
        """Once a minute: the federation may have given this vehicle more seats."""
        if now - self._looked >= EACH:
            self._looked = now
            try:
                self.move_up()
            except OperatorError as error:
                log.warning("nobody moved up: %s", error)
        return panel

    def look(self) -> None:
        """Take programme and journal as they are now. Raises OperatorError: one is unreadable."""
        house = self._house
        self.programme = documents.read(house.uplink, "programme", Programme)
        self._take(memory.of_workshops(house.journal.path))

    def find(self, workshop: str) -> Offer | None:
        """What is on offer under that id."""
        return next((offer for offer in self.offers if offer.id == workshop), None)

    def numbered(self, number: int) -> Key | None:
        """The last sign-up of that number, if its workshop is still to come."""
        found = [
            key
            for key, each in self.standings.items()
            if each.event.number == number and each.event.trial == self._house.trial
        ]
        if not found or self.find(self.standings[found[-1]].event.workshop) is None:
            return None
        return found[-1]

    def to_call(self) -> tuple[Key, ...]:
        """Who moved up and does not know it yet, of the workshops to come."""
        return tuple(
            key
            for key in waiting.to_call(self.told)
            if key in self.standings and self.find(self.standings[key].event.workshop)
        )

    def keep(self, word: Cancelled | Changed) -> None:
        """A sign-up is changed, and others move up. Raises JournalRefused: nothing was kept."""
        with self._house.journal.atomic():
            marked = self._house.marked(word)
            told = [*self.told, (self._house.keep(word), marked)]
            told += self._moved_up(told)
        self._take(told)

    def move_up(self) -> None:
        """The programme may have more seats than it had. Raises OperatorError."""
        self.look()
        if self._house.stamp().utc is None or not self._moves():
            return
        with self._house.journal.atomic():
            moved_up = self._moved_up(self.told)
        self._take([*self.told, *moved_up])

    def _moves(self) -> list[Changed]:
        return waiting.moved_up(self.standings, self._allotted())

    def _moved_up(self, told: list[tuple[Key, Event]]) -> list[tuple[Key, Event]]:
        if self._house.trial:
            return []  # a rehearsal frees no seat
        changes = waiting.moved_up(standing.fold(told), self._allotted())
        return [(self._house.keep(change), change) for change in changes]

    def _allotted(self) -> dict[str, int]:
        """Workshop → this vehicle's seats, of those to come."""
        coming = {offer.id for offer in self.offers}
        return {each.id: each.seats for each in self.programme.workshops if each.id in coming}

    def _take(self, told: list[tuple[Key, Event]]) -> None:
        self.told, self.standings = told, standing.fold(told)
        taken = waiting.taken(self.standings.values())
        self.offers = workshops.offers(self.programme, taken, self._house.stamp().utc)
