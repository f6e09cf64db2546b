"""A van's day between given places, as its GPS receiver would tell it: what `make demo` plays.

    python -m appliance.twins.tour --seed 7 --start 2026-03-17T07:30:00Z \\
        --place 48.1173,-1.6778,5 --place 48.1305,-1.6501,45 > day.nmea

Each place is latitude, longitude and minutes of standing there; in between, roads are straight,
lights turn red and the reception wanders. The same seed gives the same bytes.
"""

import argparse
import math
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import xor
from typing import NamedTuple

METRES = 111_195.0
"""Per degree of latitude."""
CRUISE, GATHER, BRAKE = 11.0, 1.2, 1.5
"""Metres per second, and metres per second squared."""
BLOCK = 350.0
"""Metres between crossings; at every second one the light is red."""
RED = (8.0, 60.0)
"""Seconds."""
BLUR, DRIFT = 3.0, 120.0
"""Metres the position wanders by, and seconds it takes to."""
KNOTS = 3600 / 1852


class Place(NamedTuple):
    lat: float
    lon: float
    minutes: float


class Moment(NamedTuple):
    """Where the van truly is at one second."""

    lat: float
    lon: float
    speed: float
    course: float


def tour(places: Sequence[Place], start: datetime, seed: int) -> Iterator[bytes]:
    """One burst of sentences per second, from `start` (UTC) to the end of the last standing."""
    chance = random.Random(seed)  # noqa: S311 (a simulation)
    east = north = 0.0
    keep = math.exp(-1 / DRIFT)
    push = BLUR * math.sqrt(1 - keep * keep)
    for second, moment in enumerate(_moments(places, chance)):
        east = east * keep + chance.gauss(0, push)
        north = north * keep + chance.gauss(0, push)
        lat = moment.lat + north / METRES
        lon = moment.lon + east / (METRES * math.cos(math.radians(moment.lat)))
        speed = abs(moment.speed + chance.gauss(0, 0.05))
        yield burst(
            start + timedelta(seconds=second), Moment(lat, lon, speed, moment.course), chance
        )


def burst(time: datetime, moment: Moment, chance: random.Random) -> bytes:
    """RMC, GGA and GSA of one second."""
    clock, place = f"{time:%H%M%S}.00", _angles(moment.lat, moment.lon)
    hdop, used = 0.8 + 0.2 * chance.random(), chance.randint(8, 12)
    motion = f"{moment.speed * KNOTS:.3f},{moment.course:.1f}"
    ids = ",".join(f"{number:02d}" if number <= used else "" for number in range(1, 13))
    return b"".join(
        (
            _sentence(f"GNRMC,{clock},A,{place},{motion},{time:%d%m%y},,,A,V"),
            _sentence(f"GNGGA,{clock},{place},1,{used:02d},{hdop:.2f},60.0,M,48.0,M,,"),
            _sentence(f"GNGSA,A,3,{ids},{hdop * 1.6:.2f},{hdop:.2f},{hdop * 1.3:.2f},1"),
        )
    )


def _moments(places: Sequence[Place], chance: random.Random) -> Iterator[Moment]:
    course = 0.0
    for index, place in enumerate(places):
        if index:
            before = places[index - 1]
            course = _course(before, place)
            yield from _leg(before, place, course, chance)
        standing = Moment(place.lat, place.lon, 0.0, course)
        yield from (standing for _ in range(round(place.minutes * 60)))


def _leg(start: Place, end: Place, course: float, chance: random.Random) -> Iterator[Moment]:
    length = _distance(start, end)
    lights = [at for at in _crossings(length) if chance.random() < 0.5]
    gone = speed = 0.0
    while gone < length - 0.5:
        ahead = (lights[0] if lights else length) - gone
        top = min(CRUISE, math.sqrt(2 * BRAKE * max(ahead, 0.0)) + 0.2)
        speed = min(speed + GATHER, top) if speed < top else max(speed - 1.3 * BRAKE, top)
        gone = min(gone + speed, length)
        moment = _on_the_way(start, end, gone / length, speed, course)
        yield moment
        if lights and lights[0] - gone < 0.5:
            lights.pop(0)
            speed = 0.0
            waiting = moment._replace(speed=0.0)
            yield from (waiting for _ in range(round(chance.uniform(*RED))))


def _crossings(length: float) -> list[float]:
    return [at * BLOCK for at in range(1, int(length / BLOCK)) if length - at * BLOCK > 60]


def _on_the_way(start: Place, end: Place, share: float, speed: float, course: float) -> Moment:
    lat = start.lat + (end.lat - start.lat) * share
    return Moment(lat, start.lon + (end.lon - start.lon) * share, speed, course)


def _offset(start: Place, end: Place) -> tuple[float, float]:
    east = (end.lon - start.lon) * METRES * math.cos(math.radians(start.lat))
    return east, (end.lat - start.lat) * METRES


def _distance(start: Place, end: Place) -> float:
    return math.hypot(*_offset(start, end))


def _course(start: Place, end: Place) -> float:
    east, north = _offset(start, end)
    return math.degrees(math.atan2(east, north)) % 360


def _angles(lat: float, lon: float) -> str:
    ns, ew = ("N" if lat >= 0 else "S"), ("E" if lon >= 0 else "W")
    return f"{_angle(lat, 2)},{ns},{_angle(lon, 3)},{ew}"


def _angle(degrees: float, width: int) -> str:
    """`dddmm.mmmmm`."""
    hundred_thousandths = round(abs(degrees) * 60 * 100_000)
    whole, minutes = divmod(hundred_thousandths, 60 * 100_000)
    return f"{whole:0{width}d}{minutes / 100_000:08.5f}"


def _sentence(text: str) -> bytes:
    return f"${text}*{reduce(xor, text.encode()):02X}\r\n".encode()


def _place(text: str) -> Place:
    lat, lon, minutes = (float(part) for part in text.split(","))
    return Place(lat, lon, minutes)


def main(arguments: list[str] | None = None) -> int:
    """Write a day to the standard output."""
    parser = argparse.ArgumentParser(description="A van's day as its GPS receiver would tell it.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=datetime.fromisoformat, required=True, help="UTC")
    parser.add_argument(
        "--place", type=_place, action="append", required=True, metavar="LAT,LON,MINUTES"
    )
    chosen = parser.parse_args(arguments)
    start = chosen.start if chosen.start.tzinfo else chosen.start.replace(tzinfo=UTC)
    for data in tour(chosen.place, start.astimezone(UTC), chosen.seed):
        sys.stdout.buffer.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
