"""What the vehicle says of itself each second (`vehicle.json`). Pure; keeps nothing.

Off duty it says nothing of where the vehicle is or was.
"""

from typing import Any

from protocol.messages import GpsStatus, Place

from ..clock import Stamp
from ..gps.port import PortStatus
from .book import Stop
from .memory import Memory
from .moments import dated

MOVING = 1.6
"""Metres per second: faster than that it drives."""


def gps(status: PortStatus, refused_dates: int, *, on_duty: bool) -> GpsStatus:
    """How it stands with the receiver; off duty, only whether it is there."""
    heard = status.state in ("no_fix", "fix")
    return GpsStatus(
        state="off_duty" if heard and not on_duty else status.state,
        satellites=status.satellites,
        bad_sentences=status.bad_sentences + refused_dates,
        detail=status.detail,
    )


def place(memory: Memory) -> Place | None:
    """The stop it stands at, or last stood at in this service."""
    stop = memory.book.latest
    if memory.duty != "on" or stop is None:
        return None
    planned = stop.planned
    return Place(
        lat=round(stop.place.lat, 6) if stop.place else None,
        lon=round(stop.place.lon, 6) if stop.place else None,
        name=planned.name if planned else "",
        commune=planned.commune if planned else "",
        arrived=stop.arrived.utc,
        departed=stop.departed.utc if stop.departed else None,
    )


def standing(memory: Memory, provisional: dict[str, Any] | None) -> dict[str, Any] | None:
    """Where it stands and since when: the open stop, else what may become one."""
    stop = memory.book.standing
    if stop is None:
        return provisional
    planned = stop.planned
    return {
        "name": planned.name if planned else "",
        "arrived": _of_this_boot(stop, memory.boot_id),
        "lat": stop.place.lat if stop.place else None,
        "lon": stop.place.lon if stop.place else None,
    }


def stops(memory: Memory, now: Stamp) -> list[dict[str, Any]]:
    """The stops of this service that have an id, the last one first, for the driver to correct."""
    if memory.duty != "on":
        return []
    told = (stop for _, stop in sorted(memory.book.stops.items(), reverse=True))
    return [
        {
            "id": key(stop),
            "name": stop.planned.name if stop.planned else "",
            "planned": stop.planned.id if stop.planned else None,
            "uncertain": stop.is_doubtful,
            "arrived": dated(stop.arrived, now),
            "departed": None if stop.departed is None else dated(stop.departed, now),
        }
        for stop in told
        if stop.key is not None
    ]


def key(stop: Stop | None) -> list[int] | None:
    """A stop's id as others name it."""
    return [stop.key.epoch, stop.key.seq] if stop is not None and stop.key is not None else None


def _of_this_boot(stop: Stop, boot_id: str) -> int | None:
    arrived: Stamp = stop.arrived
    return arrived.boottime if arrived.boot_id == boot_id else None
