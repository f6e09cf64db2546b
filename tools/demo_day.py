"""The day the demo's real unit plays: a van in the Vendée, as the log of its GPS."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

from appliance.twins.tour import Place, tour
from simulation.places import FLEET

UNIT = "van-germaine"
STOPS = next(one for one in FLEET if one.unit == UNIT).spots
DEPOT = Place(46.6600, -1.4300, 8.0)
STANDING = 12.0
"""Minutes at each stop: short, so that the demo shows several."""
ROUNDS = 12
BEGAN = timedelta(hours=1)
"""How long ago: as the day runs faster than the clock, it is not ahead of it too soon."""


def write_log(path: Path) -> None:
    """The NMEA log of a few rounds that began a while ago."""
    start = (datetime.now(UTC) - BEGAN).replace(microsecond=0)
    round_trip = [Place(stop.lat, stop.lon, STANDING) for stop in STOPS]
    places = [DEPOT, *chain.from_iterable([round_trip] * ROUNDS)]
    with path.open("wb") as out:
        out.writelines(tour(places, start, seed=7))
