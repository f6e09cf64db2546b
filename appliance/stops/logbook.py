"""The stops of a day at work: what the detector sees and what the driver says, as one.

The driver's word prevails over the detector, in time and in place; a stop the driver confirmed is
neither split nor deleted by it. Off duty nothing is noted: then the caller feeds nothing, having
called `pause`. Write the facts a call returns and `state()` in one transaction: then a power cut
neither loses nor doubles a stop.
"""

from typing import Any

from .detector import Detector
from .facts import Arrived, Corrected, Departed, Fact, Provisional, Source
from .open import Open, Seen
from .profiles import Profile
from .stay import metres

FRESH = 60.0
"""Seconds a position stays good enough for the place of the driver's word."""
GONE = 5
"""Fixes in a row far away that end a stop the driver confirmed."""
MOVED, MOVED_AT, MOVED_FIXES = 60.0, 3.0, 3
"""Metres, or metres per second over so many fixes: it has moved since the driver's *Départ*."""
GLIMPSE = 20.0
"""Seconds of standing that the driver's *Départ* alone makes a stop of."""


class Logbook:
    """The stops of one vehicle, numbered."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._detector = Detector(profile)
        self._number = 1
        self._open: Open | None = None
        self._seen: Seen | None = None
        self._said_left: tuple[float | None, float | None] | None = None
        """Where the driver said *Départ* and the vehicle has not moved since."""
        self._moved = 0

    def fix(
        self,
        at: float,
        lat: float,
        lon: float,
        speed: float | None,
        hdop: float | None = None,
        *,
        rebooted: bool = False,
    ) -> list[Fact]:
        """Take in one fix with a position (see `Detector.fix`); what has become certain by it."""
        self._seen = (at, lat, lon)
        if self._said_left is not None and not self._has_moved(lat, lon, speed):
            return []
        facts: list[Fact] = []
        for fact in self._detector.fix(at, lat, lon, speed, hdop, rebooted=rebooted):
            facts += self._arrived(fact) if isinstance(fact, Arrived) else self._departed(fact)
        if self._open is not None and self._open.source != "gps":
            facts += self._watch(self._open, at, lat, lon, speed)
        return facts

    def driver_arrived(self, at: float) -> list[Fact]:
        """*Arrivée*: at UTC second `at`. It is known at once, with or without a position."""
        facts: list[Fact] = []
        stop, self._said_left = self._open, None
        if stop is not None and stop.has_left(self._seen, self._profile):
            facts.append(self._end(stop, self._left(stop) or stop.near or at, stop.source))
            stop = None
        if stop is None:
            facts.append(self._begin(at, *self._here(at), "driver"))
        elif stop.source == "gps":
            self._open = stop.confirmed(at)
            facts.append(Corrected(stop.stop, "both", arrived=at))
        return facts

    def driver_departed(self, at: float) -> list[Fact]:
        """*Départ*: the stop that is open ends at `at`, whatever the detector thinks."""
        facts: list[Fact] = []
        if self._open is None:
            here = self._detector.provisional()
            if here is None or at - here.since < GLIMPSE:
                return []
            facts.append(self._begin(here.since, here.lat, here.lon, "both"))
        stop = self._open
        if stop is not None:
            source: Source = "driver" if stop.source == "driver" else "both"
            facts.append(self._end(stop, max(at, stop.arrived), source))
            self._said_left, self._moved = (stop.lat, stop.lon), 0
        return facts

    def amend(self, arrived: float) -> None:
        """The driver corrects when the open stop began, and so confirms it."""
        if self._open is not None:
            self._open = self._open.confirmed(arrived)

    def dismiss(self) -> None:
        """The driver says that the open stop is none: standing on is none either."""
        if self._open is not None:
            self._said_left, self._moved = (self._open.lat, self._open.lon), 0
            self._open = None
            self._detector.close()

    def resume(self, stop: int, arrived: float, lat: float | None, lon: float | None) -> None:
        """The driver says that a stop which was told to be over goes on."""
        self._open, self._said_left = Open(stop, arrived, lat, lon, "both"), None

    def pause(self, at: float) -> list[Fact]:
        """Duty ends: so does the open stop, and everything seen is forgotten."""
        facts: list[Fact] = []
        if self._open is not None:
            stop = self._open
            facts = [self._end(stop, self._left(stop) or at, stop.source)]
        self._detector.close()
        self._said_left = self._seen = None
        return facts

    def provisional(self) -> Provisional | None:
        """The open stop, or where the vehicle seems to stand just now; None: it moves."""
        stop = self._open
        if stop is not None:
            return Provisional(stop.arrived, stop.lat, stop.lon, stop.stop, self._left(stop))
        here = None if self._said_left is not None else self._detector.provisional()
        return here._replace(stop=None) if here else None

    def state(self) -> dict[str, Any]:
        """All that a reboot must not lose, as JSON can hold it."""
        return {
            "detector": self._detector.state(),
            "number": self._number,
            "open": self._open,
            "seen": self._seen,
            "said_left": self._said_left,
            "moved": self._moved,
        }

    @classmethod
    def restored(cls, profile: Profile, state: dict[str, Any]) -> "Logbook":
        """The logbook that had this state."""
        logbook = cls(profile)
        logbook._detector = Detector.restored(profile, state["detector"])
        logbook._number, logbook._moved = state["number"], state["moved"]
        logbook._open = Open(*state["open"]) if state["open"] else None
        seen = state["seen"]
        logbook._seen = (seen[0], seen[1], seen[2]) if seen else None
        said_left = state["said_left"]
        logbook._said_left = (said_left[0], said_left[1]) if said_left else None
        return logbook

    def _arrived(self, fact: Arrived) -> list[Fact]:
        """The detector is certain of a stop."""
        stop, facts = self._open, list[Fact]()
        if stop is not None and stop.is_same(fact, self._profile):
            self._open = stop._replace(detected=fact.stop, source="both", ended=None)
            if stop.source == "both":
                return []
            self._open = self._open._replace(lat=fact.lat, lon=fact.lon)
            return [Corrected(stop.stop, "both", lat=fact.lat, lon=fact.lon)]
        if stop is not None:
            left = stop.ended or stop.near or stop.arrived
            facts.append(Departed(stop.stop, left, stop.lat, stop.lon, stop.source))
        begun = self._begin(
            fact.at, fact.lat, fact.lon, "gps", detected=fact.stop, uncertain=fact.uncertain
        )
        return [*facts, begun]

    def _departed(self, fact: Departed) -> list[Fact]:
        """The detector is certain that a stop of its own is over."""
        stop = self._open
        if stop is None or stop.detected != fact.stop:
            return []
        if stop.source == "gps":
            self._open = None
            return [Departed(stop.stop, fact.at, fact.lat, fact.lon, "gps")]
        self._open = stop._replace(ended=fact.at, lat=fact.lat, lon=fact.lon)
        return []

    def _watch(
        self, stop: Open, at: float, lat: float, lon: float, speed: float | None
    ) -> list[Fact]:
        """A stop the driver confirmed ends without a word only when the vehicle is far away."""
        if stop.lat is None or stop.lon is None:
            if speed is not None and speed < self._profile.still:
                self._open = stop._replace(lat=lat, lon=lon, near=at)
            return []
        distance = metres(stop.lat, stop.lon, lat, lon)
        if distance <= self._profile.around:
            self._open = stop._replace(near=at, far=0)
        elif distance > self._profile.away:
            self._open = stop._replace(far=stop.far + 1)
            if stop.far + 1 >= GONE:
                left = stop.ended or self._left(stop) or stop.near or stop.arrived
                self._open = None
                return [Departed(stop.stop, left, stop.lat, stop.lon, stop.source)]
        return []

    def _begin(
        self,
        at: float,
        lat: float | None,
        lon: float | None,
        source: Source,
        *,
        detected: int | None = None,
        uncertain: bool = False,
    ) -> Arrived:
        number, self._number = self._number, self._number + 1
        self._open = Open(number, at, lat, lon, source, detected)
        return Arrived(number, at, lat, lon, source, uncertain)

    def _end(self, stop: Open, at: float, source: Source) -> Departed:
        """The stop is over, and the detector begins anew: it knows nothing that contradicts."""
        self._open = None
        self._detector.close()
        return Departed(stop.stop, at, stop.lat, stop.lon, source)

    def _left(self, stop: Open) -> float | None:
        """When the detector saw it move off, if it has not come back."""
        return self._detector.left(stop.detected) if stop.detected is not None else None

    def _here(self, at: float) -> tuple[float | None, float | None]:
        """Where the vehicle is, as well as it is known."""
        rest, seen = self._detector.provisional(), self._seen
        if seen is None or abs(at - seen[0]) > FRESH:
            return None, None  # it may have gone anywhere since
        if rest is not None and rest.left is None:
            return rest.lat, rest.lon
        return seen[1:]

    def _has_moved(self, lat: float, lon: float, speed: float | None) -> bool:
        """Whether the vehicle has moved since the driver's *Départ*."""
        was_lat, was_lon = self._said_left or (None, None)
        distance = 0.0 if was_lat is None or was_lon is None else metres(was_lat, was_lon, lat, lon)
        moves = distance > MOVED or (speed is not None and speed > MOVED_AT)
        self._moved = self._moved + 1 if moves else 0
        if self._moved >= MOVED_FIXES:
            self._said_left = None
        return self._said_left is None
