"""Who drives and where it stops: types alone, and as many made-up vehicles as are asked for."""

import random
from collections.abc import Sequence
from typing import Literal, NamedTuple

Kind = Literal["camion", "camping-car", "triporteur"]
Habit = Literal["usual", "white_zone", "silent", "gps_dead", "backlog", "absent"]
"""What a visitor of the demo is to see: in a place without network as planned; gone without a
word; its GPS dead; its rows waiting on board; a box that was never switched on."""


class Spot(NamedTuple):
    """A place where a vehicle stops."""

    id: str
    name: str
    lat: float
    lon: float
    commune: str
    """INSEE code."""
    commune_name: str
    kind: str = "place"
    """Code list `stop_kind`."""
    covered: bool = True
    """Whether there is a network."""


class Vehicle(NamedTuple):
    """One vehicle with its box."""

    unit: str
    name: str
    kind: Kind
    territory: str
    centre: str
    zone: str
    """IANA."""
    spots: tuple[Spot, ...]
    habit: Habit = "usual"


def many(count: int, models: Sequence[Vehicle], seed: int) -> list[Vehicle]:
    """So many vehicles, each like one of the models, its spots a few streets further on."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        model = models[number % len(models)]
        away = chance.gauss(0, 0.02), chance.gauss(0, 0.02)
        spots = tuple(_moved(spot, *away) for spot in model.spots)
        made.append(
            model._replace(
                unit=f"sim-{seed}-{number + 1:05d}",
                name=f"{model.name} {number + 1}",
                spots=spots,
                habit="usual",
            )
        )
    return made


def _moved(spot: Spot, lat: float, lon: float) -> Spot:
    return spot._replace(lat=round(spot.lat + lat, 6), lon=round(spot.lon + lon, 6))
