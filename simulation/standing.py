"""How a unit stands by what happened on board: its part of a status. Sends nothing."""

from typing import Literal

import msgspec

from protocol import duty, stops
from protocol.event import Key
from protocol.messages import GpsStatus, Place

from .script import Boot, Deed
from .vehicles import Vehicle

NO_BOOT = Boot("00000000-0000-4000-8000-000000000000", 0)
Duty = Literal["on", "paused", "off"]
_DUTY: dict[str, Duty] = {
    duty.Started.TYPE: "on",
    duty.Paused.TYPE: "paused",
    duty.Resumed.TYPE: "on",
    duty.Ended.TYPE: "off",
}


class Standing:
    """Folded from the deeds, in their order."""

    __slots__ = ("_dead", "_uncovered", "boot", "duty", "place", "stop")

    def __init__(self, vehicle: Vehicle) -> None:
        self._uncovered = frozenset(spot.name for spot in vehicle.spots if not spot.covered)
        self._dead = vehicle.habit == "gps_dead"
        self.boot = NO_BOOT
        self.duty: Duty = "off"
        self.place: Place | None = None
        self.stop: Key | None = None
        """Where it stands, as the vehicle's journal knows it."""

    def note(self, deed: Deed, key: Key) -> None:
        """This happened, and became the row with that key."""
        self.boot, event = deed.boot, deed.event
        self.duty = _DUTY.get(event.TYPE, self.duty)
        if deed.journal != "vehicle":
            return
        if isinstance(event, stops.Arrived):
            self.stop = key
            self.place = Place(
                lat=event.lat,
                lon=event.lon,
                name=event.name,
                commune=event.commune or "",
                arrived=deed.at - event.ago,
            )
        elif isinstance(event, stops.Departed) and self.place is not None:
            self.stop = None
            self.place = msgspec.structs.replace(self.place, departed=deed.at - event.ago)

    @property
    def covered(self) -> bool:
        """Whether there is a network where it stands."""
        return self.stop is None or self.place is None or self.place.name not in self._uncovered

    @property
    def gps(self) -> GpsStatus:
        """What its receiver gives."""
        if self._dead:
            return GpsStatus(state="silent")
        if self.duty == "off":
            return GpsStatus(state="off_duty")
        return GpsStatus(state="fix", satellites=9)
