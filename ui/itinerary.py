"""The tour of the day for the driver's pages: the federation's document and the vehicle's stops.

Reads only; which stop comes next is decided in models/tour.py.
"""

from zoneinfo import ZoneInfo

from appliance.vehicle import documents
from appliance.vehicle.tours import NO_PLAN, Plan
from protocol.documents import PlannedStop, Tour, Tours

from .house import House
from .models import last_stops, tour
from .models.last_stops import LastStop
from .models.tour import Halt, State

ORDER: tuple[State, ...] = ("here", "next", "later", "done")
"""In which a driver is likely to be at them."""


class Itinerary:
    """`look` when a page of the driver opens: a tour is not changed in front of them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._plan: Plan = NO_PLAN

    def look(self) -> None:
        """Read the tours again."""
        tours = documents.read(self._house.uplink, "tour", Tours)
        self._plan = Plan(tours, ZoneInfo(self._house.zone))

    @property
    def tour(self) -> Tour | None:
        """Today's; None while there is none or the day is not known."""
        return self._plan.today(self._house.stamp().utc)

    @property
    def stops(self) -> tuple[LastStop, ...]:
        """Those of this service, the last one first."""
        return last_stops.told(self._house.vehicle)

    def halts(self, *, standing: bool, in_service: bool = True) -> tuple[Halt, ...]:
        """The rail of the day; `standing`: a stop is open; `in_service`: not off duty."""
        today, stops, moment = self.tour, self.stops, self._house.local_time()
        here = stops[0].planned if standing and stops and stops[0].departed is None else None
        return tour.rail(
            today.stops if today else (),
            visited={stop.planned for stop in stops if stop.planned and stop.planned != here},
            here=here or "",
            minute=None if moment is None else moment.hour * 60 + moment.minute,
            in_service=in_service,
        )

    def places(self) -> tuple[PlannedStop, ...]:
        """Where the driver may be, the next stop first: today's, and the depot.

        While the day is not known, those of any day.
        """
        states = {halt.id: halt.state for halt in self.halts(standing=False)}
        places = self._plan.stops(self._house.stamp().utc)
        return tuple(sorted(places, key=lambda place: ORDER.index(states.get(place.id, "later"))))

    def find(self, id: str) -> PlannedStop | None:
        """The planned stop of this id."""
        return self._plan.find(id)
