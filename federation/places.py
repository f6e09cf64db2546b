"""Finds the commune of a point among known places. Pure but for reading its CSV."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import NamedTuple

import msgspec

from protocol.documents import Tours

from .errors import OperatorError

UNKNOWN = "commune inconnue"
_CELL = 0.1
"""Degrees."""
_EARTH = 6_371_000.0


class Place(NamedTuple):
    """A point whose commune is known."""

    name: str
    commune: str
    """INSEE code."""
    lat: float
    lon: float


class Places:
    """Known places, by cells of a tenth of a degree."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._cells: dict[tuple[int, int], list[Place]] = defaultdict(list)
        for place in sorted(set(places)):
            self._cells[_cell(place.lat, place.lon)].append(place)

    def __iter__(self) -> Iterator[Place]:
        """Every place, always in the same order."""
        return iter(sorted(place for cell in self._cells.values() for place in cell))

    def mark(self) -> str:
        """Differs when any place does."""
        told = list(self)
        return blake2b(repr(told).encode(), digest_size=8).hexdigest()

    def nearest(self, lat: float, lon: float, within: float) -> Place | None:
        """The nearest place no farther than `within` metres."""
        reachable = (
            (distance(lat, lon, place.lat, place.lon), place)
            for cell in _around(lat, lon, within)
            for place in self._cells.get(cell, ())
        )
        found = min((pair for pair in reachable if pair[0] <= within), default=None)
        return found[1] if found else None


def from_tours(bodies: Iterable[bytes]) -> Iterator[Place]:
    """The planned stops of published tours."""
    for body in bodies:
        tours = msgspec.json.decode(body, type=Tours)
        stops = [stop for tour in tours.tours for stop in tour.stops]
        for stop in (*stops, *((tours.depot,) if tours.depot else ())):
            yield Place(stop.name, stop.commune, stop.lat, stop.lon)


def from_csv(path: Path) -> Iterator[Place]:
    """Places of a CSV with the columns name, insee, lat, lon. Raises OperatorError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield Place(row["name"], row["insee"], float(row["lat"]), float(row["lon"]))
    except OSError as error:
        raise OperatorError(f"[places] {path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise OperatorError(
            f"[places] {path} is not a CSV with name, insee, lat, lon on every line ({error}): "
            "mend it or leave [places] file out."
        ) from error


def distance(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Metres between two points."""
    north, other_north = radians(lat), radians(other_lat)
    half = (
        sin((other_north - north) / 2) ** 2
        + cos(north) * cos(other_north) * sin(radians(other_lon - lon) / 2) ** 2
    )
    return 2 * _EARTH * asin(sqrt(half))


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return int(lat // _CELL), int(lon // _CELL)


def _around(lat: float, lon: float, within: float) -> Iterator[tuple[int, int]]:
    tall = within / 111_000
    wide = tall / max(cos(radians(lat)), 0.01)
    south, west = _cell(lat - tall, lon - wide)
    north, east = _cell(lat + tall, lon + wide)
    for row in range(south, north + 1):
        for column in range(west, east + 1):
            yield row, column
