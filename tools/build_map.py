"""Makes the federation's map: outlines of France, from Natural Earth's 10m countries.

    python -m tools.build_map CACHE

Writes federation/web/fleet/data/france.json: frames (mainland and Corsica, then an inset for each
territory overseas), each with an SVG path in whole numbers of one drawing. The package is
world-atlas (ISC), its data Natural Earth (public domain). Run by hand when the drawing changes.
"""

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from tools.npm_pack import Package, unpack

ATLAS: Final = Package(
    "world-atlas",
    "2.0.2",
    "IXfV0qwlKXpckz1FhwXVwKRjiIhOnWttOskm5CtxMsjgE/MXAYRHWJqgXOpM8IkcPBoXnyTU5lFHcYa5ChG0LQ==",
)
TARGET: Final = Path(__file__).parents[1] / "federation/web/fleet/data/france.json"
WIDTH, HEIGHT = 1240, 1200
"""Of the drawing."""
CLOSE = 1.1
"""How far a point may be from the line that leaves it out, in units of the drawing."""
Point = tuple[float, float]


class Frame(NamedTuple):
    """A part of the drawing: where it stands, and the degrees that it shows."""

    name: str
    x: int
    y: int
    width: int
    height: int
    west: float
    south: float
    east: float
    north: float

    @property
    def squeeze(self) -> float:
        """Width of a degree of longitude, where one of latitude is 1."""
        return math.cos(math.radians((self.south + self.north) / 2))

    @property
    def scale(self) -> float:
        """Units of the drawing in a degree of latitude."""
        across = (self.east - self.west) * self.squeeze
        return min(self.width / across, self.height / (self.north - self.south))

    def drawn(self, lon: float, lat: float) -> Point:
        """Where a place is in the drawing."""
        across = (lon - (self.west + self.east) / 2) * self.squeeze * self.scale
        down = ((self.south + self.north) / 2 - lat) * self.scale
        return self.x + self.width / 2 + across, self.y + self.height / 2 + down

    def shows(self, ring: Sequence[Point]) -> bool:
        """Whether the whole ring is of this frame."""
        return all(
            self.west <= lon <= self.east and self.south <= lat <= self.north for lon, lat in ring
        )


FRAMES: Final = (
    Frame("Hexagone et Corse", 0, 0, WIDTH, HEIGHT, -5.3, 41.2, 9.7, 51.2),
    Frame("Guyane", 10, 628, 132, 140, -54.8, 2.0, -51.5, 5.9),
    Frame("Guadeloupe", 152, 628, 132, 140, -61.95, 15.75, -60.9, 16.6),
    Frame("Martinique", 10, 808, 132, 140, -61.3, 14.35, -60.75, 14.95),
    Frame("La Réunion", 152, 808, 132, 140, 55.15, -21.45, 55.9, -20.8),
    Frame("Mayotte", 10, 988, 132, 140, 44.98, -13.05, 45.35, -12.6),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cache", type=Path, help="where npm archives are kept")
    package = unpack(ATLAS, parser.parse_args().cache)
    atlas = json.loads((package / "countries-10m.json").read_text(encoding="utf-8"))
    rings = list(of_country(atlas, "France"))
    frames = [framed(frame, [ring for ring in rings if frame.shows(ring)]) for frame in FRAMES]
    drawing = {"width": WIDTH, "height": HEIGHT, "frames": frames}
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(json.dumps(drawing, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(rings)} rings")


def of_country(atlas: dict[str, Any], name: str) -> Iterator[list[Point]]:
    """Outer rings of a country, in degrees: (longitude, latitude)."""
    (across, down), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]

    def arc(number: int) -> list[Point]:
        x = y = 0
        points = []
        for dx, dy in atlas["arcs"][number if number >= 0 else ~number]:
            x, y = x + dx, y + dy
            points.append((x * across + west, y * down + south))
        return points if number >= 0 else points[::-1]

    for shape in atlas["objects"]["countries"]["geometries"]:
        if shape["properties"]["name"] == name:
            for outer, *_holes in shape["arcs"]:
                ring: list[Point] = []
                for number in outer:
                    ring += arc(number)[1:] if ring else arc(number)
                yield ring


def framed(frame: Frame, rings: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """What the page needs of a frame."""
    path = "".join(_path([frame.drawn(*point) for point in ring]) for ring in rings)
    return {**frame._asdict(), "squeeze": frame.squeeze, "scale": frame.scale, "path": path}


def _path(ring: Sequence[Point]) -> str:
    """Closed, each point told from the one before, in whole numbers; nothing when it is a dot."""
    whole = [(round(x), round(y)) for x, y in simpler(ring)]
    points = [
        point for number, point in enumerate(whole) if number == 0 or point != whole[number - 1]
    ]
    if len(points) < 4:
        return ""
    steps = [(x - a, y - b) for (a, b), (x, y) in pairwise(points[:-1])]
    told = " ".join(f"{dx}{'' if dy < 0 else ' '}{dy}" for dx, dy in steps)
    return f"M{points[0][0]} {points[0][1]}l{told}z"


def simpler(line: Sequence[Point]) -> list[Point]:
    """Without the points that are closer than CLOSE to what is drawn (Douglas-Peucker)."""
    kept = {0, len(line) - 1}
    middle = max(range(len(line)), key=lambda at: math.dist(line[0], line[at]))
    todo = [(0, middle), (middle, len(line) - 1)]
    kept.add(middle)
    while todo:
        first, last = todo.pop()
        far, at = max(
            ((_away(line[first], line[last], line[at]), at) for at in range(first + 1, last)),
            default=(0.0, first),
        )
        if far > CLOSE:
            kept.add(at)
            todo += [(first, at), (at, last)]
    return [line[at] for at in sorted(kept)]


def _away(first: Point, last: Point, point: Point) -> float:
    span = math.dist(first, last)
    if span == 0:
        return math.dist(first, point)
    (x1, y1), (x2, y2), (x, y) = first, last, point
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / span


if __name__ == "__main__":
    main()
