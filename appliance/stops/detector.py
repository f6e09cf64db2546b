"""Stops out of fixes, one fix at a time, as facts fit for a journal.

Knows nothing of drivers, duty or journals. Its whole state is a small dictionary, so that a reboot
inside a stop goes on with the same stop.
"""

from typing import Any

from .facts import Arrived, Departed, Provisional
from .machine import Change, Machine
from .profiles import Profile
from .stay import Plane, Point, Stay

POOR = 8.0
"""HDOP above which a position is not used (its speed is)."""
DOUBTFUL = 4.0
"""HDOP, on average, above which a stop is worth a question to the driver."""
STEP_BACK = 60
"""Fixes in a row from the past after which it is the clock that was wrong before."""


class Detector:
    """The stops of one vehicle."""

    def __init__(self, profile: Profile, first_number: int = 1) -> None:
        self._profile = profile
        self._machine = Machine(profile, first_number)
        self._plane: Plane | None = None
        self._hdop = 1.0
        self._late = 0

    def fix(
        self,
        at: float,
        lat: float,
        lon: float,
        speed: float | None,
        hdop: float | None = None,
        *,
        rebooted: bool = False,
    ) -> list[Arrived | Departed]:
        """Take in one fix with a position; what has become certain by it.

        `at`: UTC seconds; `speed`: metres per second; `rebooted`: the unit was started since the
        fix before. Fixes that do not advance in time are ignored, unless they insist.
        """
        machine = self._machine
        if machine.at is not None and at <= machine.at:
            self._late += 1
            return self.close() if self._late >= STEP_BACK else []
        self._late = 0
        changes = machine.step(at, self._point(lat, lon, hdop), speed, rebooted=rebooted)
        return [self._fact(change) for change in changes] if changes else []

    def close(self) -> list[Arrived | Departed]:
        """End every stop where it was last seen, and begin anew; numbers go on."""
        facts = [self._fact(Change(stay, over=True)) for stay in self._machine.unfinished()]
        self._machine = Machine(self._profile, self._machine.next_number)
        self._plane, self._late = None, 0
        return facts

    def provisional(self) -> Provisional | None:
        """Where it seems to stand just now, be it a red light; None: it moves."""
        rest, unfinished = self._machine.rest, self._machine.unfinished()
        stay = rest or (unfinished[-1] if unfinished else None)
        if stay is None:
            return None
        lat, lon = self._degrees(stay)
        return Provisional(stay.since, lat, lon, stay.number, stay.left)

    def left(self, stop: int) -> float | None:
        """When it moved off from that stop, while the stop is not over; None: it stands there."""
        stays = self._machine.unfinished()
        return next((stay.left for stay in stays if stay.number == stop), None)

    def state(self) -> dict[str, Any]:
        """All that a reboot must not lose, as JSON can hold it."""
        machine, plane = self._machine, self._plane
        return {
            "number": machine.next_number,
            "at": machine.at,
            "last": machine.last,
            "speed": machine.speed,
            "spot": machine.spot,
            "rest": machine.rest.state() if machine.rest else None,
            "former": [stay.state() for stay in machine.former],
            "plane": (plane.lat, plane.lon) if plane else None,
            "hdop": self._hdop,
        }

    @classmethod
    def restored(cls, profile: Profile, state: dict[str, Any]) -> "Detector":
        """The detector that had this state."""
        detector = cls(profile, state["number"])
        machine = detector._machine
        machine.at, machine.speed = state["at"], state["speed"]
        machine.last, machine.spot = tuple(state["last"]), tuple(state["spot"])
        machine.rest = Stay.restored(state["rest"]) if state["rest"] else None
        machine.former = [Stay.restored(stay) for stay in state["former"]]
        detector._plane = Plane(*state["plane"]) if state["plane"] else None
        detector._hdop = state["hdop"]
        return detector

    def _point(self, lat: float, lon: float, hdop: float | None) -> Point:
        if self._plane is None:
            self._plane = Plane(lat, lon)
        if hdop is not None:
            self._hdop += (hdop - self._hdop) * 0.02
            if hdop > POOR and self._machine.at is not None:
                return self._machine.last
        return self._plane.point(lat, lon)

    def _degrees(self, stay: Stay) -> tuple[float, float]:
        return self._plane.degrees(stay.place) if self._plane else (0.0, 0.0)

    def _fact(self, change: Change) -> Arrived | Departed:
        stay = change.stay
        number, (lat, lon) = stay.number or 0, self._degrees(stay)
        if not change.over:
            uncertain = stay.uncertain or self._hdop > DOUBTFUL
            return Arrived(number, stay.since, lat, lon, uncertain=uncertain)
        left = stay.left if stay.left is not None else self._machine.at
        return Departed(number, left or stay.since, lat, lon)
