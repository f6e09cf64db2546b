"""Today, read from the journals when something has changed. Writes nothing; no Kivy."""

import logging
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from appliance.errors import OperatorError
from appliance.journal import day
from appliance.vehicle import documents
from protocol.documents import Programme, Tours

from .. import memory
from ..house import House
from ..models import closing, stopped, today
from ..models.closing import Entry
from ..models.stopped import Stops
from ..models.today import Today, Visit
from ..text import dates
from ..text.catalogue import Words

log = logging.getLogger("staff")

READ_EACH = 5.0
"""Seconds between two looks at the vehicle's journal and the federation's documents."""


class Day:
    """What the staff's pages read."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._read: tuple[object, Today] = None, Today()
        self._stops, self._looked = Stops(), float("-inf")
        self._planned, self._titles = 0, dict[str, str]()
        self._is_told = False
        """Whether the log has it that the day cannot be read."""

    def today(self) -> Today:
        """The day so far, as far as it could be read."""
        journal, moment = self._house.journal, self._house.local_time()
        known = (journal.epoch, journal.head, journal.anchor, moment and moment.date())
        if self._read[0] != known:
            try:
                self._read = known, self._fold()
                self._is_told = False
            except OperatorError as error:
                # Pages ask each second: whoever keeps something is the one to say it to people.
                if not self._is_told:
                    log.warning("the day cannot be read: %s", error)
                self._is_told = True
        return self._read[1]

    def _fold(self) -> Today:
        house, journal = self._house, self._house.journal
        told = memory.today(journal.path, today.TYPES, house.stamp(), journal.anchor, house.zone)
        return today.fold(
            told,
            boot_id=house.clock.boot_id,
            utc_of=lambda entry: day.utc_of(entry, journal.anchor),
        )

    def hour(self, utc: int | None, words: Words) -> str:
        """A time on the vehicle's clock, such as `9 h 05`; empty while none is known."""
        if utc is None:
            return ""
        return dates.clock(datetime.fromtimestamp(utc / 1000, ZoneInfo(self._house.zone)), words)

    def hours(self, arrived: int | None, departed: int | None, words: Words) -> str:
        """From when to when, as far as it is known and over."""
        return " – ".join(hour for utc in (arrived, departed) if (hour := self.hour(utc, words)))

    def minutes(self, visit: Visit) -> int | None:
        """How long ago somebody came."""
        now = self._house.stamp()
        return today.minutes_since(visit, now.boot_id, now.boottime, now.utc)

    def stops(self) -> Stops:
        """Where the vehicle stood today."""
        self._look()
        return self._stops

    def planned(self) -> int:
        """How many stops today's tour has; 0: none is known."""
        self._look()
        return self._planned

    def title(self, workshop: str) -> str:
        """Of a workshop; its id when the programme has it no more."""
        self._look()
        return self._titles.get(workshop, workshop)

    def sheet(self, doors: Iterable[tuple[str, str]], words: Words) -> tuple[Entry, ...]:
        """The day on one sheet, without a name; `doors`: code and label of each."""
        return closing.sheet(
            self.today(),
            self.stops(),
            doors=doors,
            title=self.title,
            hours=lambda arrived, departed: self.hours(arrived, departed, words),
            words=words.__getitem__,
        )

    def _look(self) -> None:
        house = self._house
        if house.now() - self._looked < READ_EACH:
            return
        self._looked = house.now()
        vehicle, anchor = house.data / "vehicle.db", house.journal.anchor
        told = [
            memory.stops_told(journal, stopped.TYPES, house.stamp(), anchor, house.zone)
            for journal in (vehicle, house.journal.path)
        ]
        self._stops = stopped.fold(told, lambda entry: day.utc_of(entry, anchor))
        moment = house.local_time()
        date = moment.date().isoformat() if moment else ""
        tours = documents.read(house.uplink, "tour", Tours).tours
        self._planned = sum(len(tour.stops) for tour in tours if tour.day == date)
        programme = documents.read(house.uplink, "programme", Programme)
        self._titles = {each.id: each.title for each in programme.workshops}
