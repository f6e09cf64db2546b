"""The day the demo's real unit plays: a van in the Vendée, as the log of its GPS."""

from datetime import datetime
from itertools import chain
from pathlib import Path

from appliance.twins.tour import Place, tour
from simulation.places import FLEET

UNIT = "van-germaine"
STOPS = next(one for one in FLEET if one.unit == UNIT).spots
DEPOT = Place(46.6690, -1.4270, 0.2)
"""So near its first stop that it stands there within minutes."""
STANDING = 12.0
"""Minutes at each stop: short, so that the demo shows several."""
ROUNDS = 12


def write_log(path: Path, start: datetime) -> None:
    """The NMEA log of a few rounds from that moment on: now, or the unit's clock is not ours."""
    round_trip = [Place(stop.lat, stop.lon, STANDING) for stop in STOPS]
    places = [DEPOT, *chain.from_iterable([round_trip] * ROUNDS)]
    with path.open("wb") as out:
        out.writelines(tour(places, start.replace(microsecond=0), seed=7))
