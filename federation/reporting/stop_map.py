"""The map of stops, as SVG: places as discs, far regions side by side. Pure."""

import math
from collections.abc import Sequence
from math import cos, radians
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from . import words
from .svg import COLOURS, FAINT, SIZE, cut, drawing, tag, text

_WIDE: Final = 760.0
_TALL: Final = 380.0


class Spot(NamedTuple):
    """A place on the map."""

    name: str
    lat: float
    lon: float
    value: int | None


Ring = Sequence[tuple[float, float]]
"""Outline: (longitude, latitude)."""


def stop_map(
    key: str, title: str, desc: str, spots: Sequence[Spot], outline: Sequence[Ring] = ()
) -> str:
    """Places as discs whose area is their value: one region large, far ones small beside it."""
    regions = _regions(spots)
    most = max((spot.value or 0 for spot in spots), default=0)
    body = []
    for region, frame in zip(regions, _frames(len(regions)), strict=True):
        body += _region(key, region, outline, frame, most)
    return drawing(key, title, desc, _WIDE, _TALL, body)


class _Frame(NamedTuple):
    """Where a region is drawn."""

    left: float
    top: float
    wide: float
    tall: float


def _frames(count: int) -> list[_Frame]:
    """The first region has most of the drawing, the others a column each two beside it."""
    if count < 2:
        return [_Frame(0, 0, _WIDE, _TALL)] * count
    rows = min(2, count - 1)
    columns = -(-(count - 1) // rows)
    aside = min(0.6, 0.26 * columns) * _WIDE
    wide, tall = aside / columns, _TALL / rows
    insets = [
        _Frame(_WIDE - aside + i // rows * wide, i % rows * tall, wide, tall)
        for i in range(count - 1)
    ]
    return [_Frame(0, 0, _WIDE - aside, _TALL), *insets]


_SMALL: Final = 3.0
_LARGE: Final = 0.03 * _TALL
"""Radius of the largest disc: towns that are near one another must not be one blot."""
_EDGE: Final = 26.0
"""Around the outermost places, for their discs and names."""
_LEAST: Final = 0.6
"""Degrees that a region shows at the least."""
_FONT: Final = 11
_LETTERS: Final = 22
_NAMES: Final = 7
"""Of one region."""
_FAR: Final = 6.0
"""Degrees between places that are drawn apart."""


def _regions(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Places that are near one another, the most visited region first."""
    regions: list[list[Spot]] = []
    for spot in spots:
        near = [region for region in regions if any(_near(spot, other) for other in region)]
        joined = [spot, *(other for region in near for other in region)]
        regions = [region for region in regions if region not in near] + [joined]
    return sorted(regions, key=lambda r: (-sum(s.value or 0 for s in r), min(s.name for s in r)))


def _near(one: Spot, other: Spot) -> bool:
    return abs(one.lat - other.lat) < _FAR and abs(one.lon - other.lon) < _FAR


_PARTS: Final = (
    ("Guyane", 2.0, 6.0, -54.8, -51.5),
    ("Guadeloupe", 15.7, 16.6, -61.95, -60.9),
    ("Martinique", 14.3, 15.0, -61.3, -60.7),
    ("La Réunion", -21.5, -20.8, 55.1, 55.9),
    ("Mayotte", -13.1, -12.5, 44.9, 45.4),
    ("Hexagone", 41.0, 51.5, -5.5, 9.8),
)
"""Name, south, north, west, east."""


def _named(spots: Sequence[Spot]) -> str:
    """What people call the part of the country where all of them are; empty: none of these."""
    for name, south, north, west, east in _PARTS:
        if all(south <= s.lat <= north and west <= s.lon <= east for s in spots):
            return name
    return ""


class _View(NamedTuple):
    """A part of the drawing, and the degrees that it shows."""

    frame: _Frame
    south: float
    west: float
    north: float
    east: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is drawn; a degree of longitude is as narrow as it is there."""
        left, top, wide, tall = self.frame
        middle = (self.south + self.north) / 2
        narrow = cos(radians(middle))
        scale = min(
            (wide - 2 * _EDGE) / ((self.east - self.west) * narrow),
            (tall - 2 * _EDGE - SIZE) / (self.north - self.south),
        )
        x = left + wide / 2 + (lon - (self.west + self.east) / 2) * narrow * scale
        return x, top + (tall + SIZE) / 2 - (lat - middle) * scale

    def touches(self, ring: Ring) -> bool:
        """Whether an outline may be seen in it."""
        return any(
            self.west - 3 < lon < self.east + 3 and self.south - 3 < lat < self.north + 3
            for lon, lat in ring
        )


def _region(
    key: str, spots: Sequence[Spot], outline: Sequence[Ring], frame: _Frame, most: int
) -> list[str]:
    """One region in its frame, with what is to be seen of the outline."""
    lats, lons = [spot.lat for spot in spots], [spot.lon for spot in spots]
    # A single village is not drawn as if it were a country.
    more = max(0.15, (_LEAST - max(max(lats) - min(lats), max(lons) - min(lons))) / 2)
    view = _View(frame, min(lats) - more, min(lons) - more, max(lats) + more, max(lons) + more)
    box = {"x": frame.left + 4, "y": frame.top + 4, "width": frame.wide - 8,
           "height": frame.tall - 8}  # fmt: skip
    name = f"{key}-{frame.left:.0f}-{frame.top:.0f}"
    lines = [
        tag("path", d=_path([view.at(*point) for point in ring]), fill="none", stroke=FAINT)
        for ring in outline
        if view.touches(ring)
    ]
    body = [tag("rect", **box, rx=6, fill="none", stroke=FAINT, stroke_width=0.5)]
    if lines:
        clip = tag("clipPath", tag("rect", **box), id=name)
        body += [clip, tag("g", *lines, clip_path=f"url(#{name})")]
    title = _named(spots)
    if title:
        body.append(text(frame.left + 12, frame.top + 20, title, font_size=12, font_weight="bold"))
    return body + _discs(key, spots, view, most)


def _discs(key: str, spots: Sequence[Spot], view: _View, most: int) -> list[str]:
    """All discs, then the names of the largest; every name is in its place's title."""
    largest = sorted(spots, key=lambda each: (-(each.value or 0), each.name))
    at = {spot: view.at(spot.lon, spot.lat) for spot in largest}
    body = [_disc(spot, *at[spot], most, key) for spot in largest]
    taken, said = [_title(view.frame)], 0
    for spot in largest:
        label = cut(spot.name, _LETTERS)
        box = _label(label, *at[spot], _radius(spot, most), view.frame)
        free = box is not None and not any(_overlap(box, other) for other in taken)
        if box is not None and free and said < _NAMES:
            taken.append(box)
            said += 1
            body.append(text(box.left, box.top + 9, label, font_size=_FONT))
    return body


def _title(frame: _Frame) -> _Frame:
    return _Frame(frame.left, frame.top, 110, 26)


def _label(label: str, x: float, y: float, radius: float, frame: _Frame) -> _Frame | None:
    """Room for a name under its disc, moved aside to stay inside; None: there is none."""
    wide, tall = len(label) * _FONT * 0.56, _FONT + 2
    low, high = frame.left + 8, frame.left + frame.wide - 8 - wide
    if high < low:
        return None
    top = y + radius + 2
    if top + tall > frame.top + frame.tall - 6:
        top = y - radius - 2 - tall
    return _Frame(min(max(x - wide / 2, low), high), top, wide, tall)


def _overlap(one: _Frame, other: _Frame) -> bool:
    return (
        one.left < other.left + other.wide + 3
        and other.left < one.left + one.wide + 3
        and one.top < other.top + other.tall
        and other.top < one.top + one.tall
    )


def _radius(spot: Spot, most: int) -> float:
    share = spot.value / most if most and spot.value else 0.0
    return _SMALL + (_LARGE - _SMALL) * math.sqrt(share)


def _disc(spot: Spot, x: float, y: float, most: int, key: str) -> str:
    fill = f"url(#{key}-hatch)" if spot.value is None else COLOURS[0]
    said = f"{spot.name} : {words.number(spot.value)}"
    return tag(
        "circle", tag("title", escape(said)), cx=x, cy=y, r=_radius(spot, most), fill=fill,
        fill_opacity=0.65, stroke=COLOURS[0],
    )  # fmt: skip


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
