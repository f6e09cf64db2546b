"""The driver at the panel: each word is kept before it shows. No Kivy.

Duty, stops, delays, problems and corrections; what each means for the vehicle is the vehicle's.
"""

import msgspec

from protocol import duty, stops
from protocol.event import Event, Key
from protocol.incidents import Reported

from . import memory
from .house import House
from .itinerary import Itinerary
from .models import driving as model
from .models import last_stops
from .models.driving import Driving, Duty, Told
from .models.last_stops import Draft
from .models.panel import Panel, changed
from .part import Part
from .reminders import Reminders

DUTIES = {
    "started": duty.Started,
    "paused": duty.Paused,
    "resumed": duty.Resumed,
    "ended": duty.Ended,
}


class Driver(Part):
    """Remembers the driver's last words until the vehicle has heard them."""

    def __init__(self, house: House) -> None:
        path = house.journal.path
        self._house, self.itinerary, self._reminders = house, Itinerary(house), Reminders(house)
        self.draft: Draft | None = None
        """The correction that is being made."""
        self.has_served = False
        """Whether there was, or is, a service today."""
        self._told = Told(duty=memory.last_duty(path), standing=memory.said_arrived(path))
        self._duty_at = self._stop_at = self._noted_at = float("-inf")

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        act = {
            ("driver", "duty"): self._turn,
            ("driver", "stop"): self._stop,
            ("duty", "duty"): self._turn,
            ("where", "place"): self._arrive,
            ("delay", "minutes"): self._late,
            ("problem", "kind"): self._problem,
            ("last_stops", "stop"): self._begin,
            ("correction", "move"): self._move,
            ("correction", "kind"): self._say,
            ("correction", "keep"): self._correct,
            ("at_work", "duty"): self._turn,
            ("tour_over", "duty"): self._turn,
        }.get((panel.screen, touch))
        return None if act is None else changed(panel, screen=act(value), refused=False)

    def follow(self, panel: Panel) -> None:
        if panel.screen != "correction":
            self.draft = None
        if panel.screen in ("driver", "dark"):
            self.itinerary.look()
        if panel.screen == "driver":
            house = self._house
            anchor = house.journal.anchor
            self.has_served = memory.has_served(
                house.journal.path, house.stamp(), anchor, house.zone
            )

    def step(self, now: float, panel: Panel) -> Panel:
        return self._reminders.step(panel, self.driving().duty)

    def driving(self) -> Driving:
        """What the pages say of the vehicle."""
        house, now = self._house, self._house.now()
        ages = {"duty_age": now - self._duty_at, "stop_age": now - self._stop_at}
        told = msgspec.structs.replace(self._told, **ages)
        return model.driving(house.vehicle, told, house.clock.boottime())

    def noted(self) -> bool:
        """Whether a word of the driver was kept in the last seconds."""
        return self._house.now() - self._noted_at < model.SETTLES

    def minutes_left(self) -> int | None:
        """Until the service ends by itself, when that is near."""
        left = (self._house.vehicle or {}).get("minutes_left")
        return left if isinstance(left, int) else None

    def battery_minutes(self) -> int | None:
        """Until the unit stops for its low battery, if it must."""
        return model.battery_minutes(self._house.vehicle)

    def _turn(self, wanted: Duty) -> str:
        current = self.driving().duty
        if current == wanted == "on" and self.minutes_left() is not None:
            self._keep(duty.Started())  # said again: it does not end by itself now
        elif word := model.duty_touch(current, wanted):
            self._keep(DUTIES[word]())
            self._told, self.has_served = msgspec.structs.replace(self._told, duty=wanted), True
            self._duty_at = self._noted_at
        return "driver"

    def _stop(self, word: str) -> str:
        if self.driving().duty != "on":
            return "driver"
        if word == "departed":
            self._keep(stops.Departed(source="driver"))
            self._stands(False)
            return "driver"
        if not self.driving().knows_place and self.itinerary.places():
            return "where"
        return self._arrive("")

    def _arrive(self, place: str) -> str:
        """At that planned stop; "" when the driver names none."""
        planned = self.itinerary.find(place)
        event = stops.Arrived(source="driver")
        if planned is not None:
            event = stops.Arrived(
                source="driver",
                planned=planned.id,
                name=planned.name,
                commune=planned.commune,
                territory_class=planned.territory_class,
                zoning_year=planned.zoning_year,
            )
        self._keep(event)
        self._stands(True, event.name)
        return "driver"

    def _late(self, minutes: str) -> str:
        return self._report(Reported(kind="delay", minutes=int(minutes), stop=self._open()))

    def _problem(self, kind: str) -> str:
        return self._report(Reported(kind=kind, stop=self._open()))

    def _report(self, word: Reported) -> str:
        """Off duty nothing is noted, as the page says: a service may end while it is open."""
        if self.driving().duty != "off":
            self._keep(word)
        return "driver"

    def _begin(self, seq: str) -> str:
        self.draft = last_stops.draft(self.itinerary.stops, int(seq))
        return "correction" if self.draft else "last_stops"

    def _move(self, by: str) -> str:
        """`by`: which time, and minutes: `arrived -5`."""
        which, minutes = by.split()
        if self.draft is not None:
            self.draft = last_stops.moved(self.draft, which, int(minutes), self._house.stamp())
        return "correction"

    def _say(self, kind: str) -> str:
        if self.draft is not None:
            self.draft = last_stops.said(self.draft, kind)
        return "correction"

    def _correct(self, _value: str) -> str:
        word = self.draft and last_stops.word(self.draft, self._house.stamp())
        if word:
            self._keep(word)
        return "driver"

    def _open(self) -> Key | None:
        """The stop that is open, as the vehicle says."""
        latest = next(iter(self.itinerary.stops), None)
        return latest.id if latest is not None and latest.departed is None else None

    def _keep(self, event: Event) -> None:
        self._house.keep(event)
        self._noted_at = self._house.now()

    def _stands(self, standing: bool, name: str = "") -> None:
        """Until the vehicle has heard it."""
        self._told = msgspec.structs.replace(self._told, standing=standing, name=name)
        self._stop_at = self._noted_at
