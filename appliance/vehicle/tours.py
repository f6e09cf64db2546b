"""The planned stops: which are today's, and at which one the vehicle stands. Writes nothing."""

import math
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from protocol.documents import PlannedStop, Tours

from ..journal.schema import connect_reading

RADIUS = 150.0
"""Metres around a planned stop: a market square is large, and so is the car park beside it."""
_METRES = 111_195.0


def read(uplink_journal: Path) -> Tours:
    """The tours the federation last sent; empty when there are none, or none that can be read."""
    if not uplink_journal.exists():
        return Tours()
    try:
        connection = connect_reading(uplink_journal)
        try:
            row = connection.execute("SELECT body FROM document WHERE kind = 'tour'").fetchone()
        finally:
            connection.close()
        return msgspec.json.decode(row[0], type=Tours) if row else Tours()
    except (sqlite3.Error, msgspec.DecodeError):
        return Tours()


def planned(tours: Tours, day: date | None) -> tuple[PlannedStop, ...]:
    """Where the vehicle may stand on that local day; while the day is not known, on any day."""
    told = [tour for tour in tours.tours if day is None or tour.day == day.isoformat()]
    stops = tuple(stop for tour in told for stop in tour.stops)
    return (*stops, tours.depot) if tours.depot is not None else stops


def nearest(stops: tuple[PlannedStop, ...], lat: float, lon: float) -> PlannedStop | None:
    """The planned stop within whose radius that position lies, the nearest one."""
    near = [(metres((stop.lat, stop.lon), (lat, lon)), stop) for stop in stops]
    within = [pair for pair in near if pair[0] <= RADIUS]
    return min(within, key=lambda pair: pair[0])[1] if within else None


def local(utc: int, zone: ZoneInfo) -> datetime:
    """The time on the vehicle's own clock at that UTC (ms)."""
    return datetime.fromtimestamp(utc / 1000, UTC).astimezone(zone)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance between two nearby positions."""
    north = (other[0] - one[0]) * _METRES
    east = ((other[1] - one[1] + 180) % 360 - 180) * _METRES * math.cos(math.radians(one[0]))
    return math.hypot(north, east)
