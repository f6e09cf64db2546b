"""The map of stops, as SVG: places as discs, far regions side by side. Pure."""

from collections.abc import Sequence
from math import cos, radians
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from . import words
from .svg import COLOURS, FAINT, SIZE, cut, drawing, tag, text

_WIDE: Final = 760.0
_TALL: Final = 300.0


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
    """Places as discs whose area is their value, far regions side by side, each at its scale."""
    regions = _regions(spots)
    wide = _WIDE / max(1, len(regions))
    most = max((spot.value or 0 for spot in spots), default=0)
    body = []
    for i, region in enumerate(regions):
        body += _region(key, region, outline, (i * wide, wide), most)
    return drawing(key, title, desc, _WIDE, _TALL, body)


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


class _View(NamedTuple):
    """A part of the drawing, and the degrees that it shows."""

    left: float
    wide: float
    south: float
    west: float
    north: float
    east: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is drawn; a degree of longitude is as narrow as it is there."""
        middle = (self.south + self.north) / 2
        narrow = cos(radians(middle))
        scale = min(
            (self.wide - 20) / ((self.east - self.west) * narrow),
            (_TALL - 20) / (self.north - self.south),
        )
        x = self.left + self.wide / 2 + (lon - (self.west + self.east) / 2) * narrow * scale
        return x, _TALL / 2 - (lat - middle) * scale

    def touches(self, ring: Ring) -> bool:
        """Whether an outline may be seen in it."""
        return any(
            self.west - 3 < lon < self.east + 3 and self.south - 3 < lat < self.north + 3
            for lon, lat in ring
        )


def _region(
    key: str, spots: Sequence[Spot], outline: Sequence[Ring], frame: tuple[float, float], most: int
) -> list[str]:
    """One region in its frame (left, wide), with what is to be seen of the outline."""
    lats, lons = [spot.lat for spot in spots], [spot.lon for spot in spots]
    view = _View(*frame, min(lats) - 0.3, min(lons) - 0.3, max(lats) + 0.3, max(lons) + 0.3)
    box = {"x": view.left + 4, "y": 4, "width": view.wide - 8, "height": _TALL - 8}
    name = f"{key}-{view.left:.0f}"
    lines = [
        tag("path", d=_path([view.at(*point) for point in ring]), fill="none", stroke=FAINT)
        for ring in outline
        if view.touches(ring)
    ]
    body = [tag("rect", **box, rx=6, fill="none", stroke=FAINT, stroke_width=0.5)]
    if lines:
        clip = tag("clipPath", tag("rect", **box), id=name)
        body += [clip, tag("g", *lines, clip_path=f"url(#{name})")]
    return body + _discs(key, spots, view, most)


def _discs(key: str, spots: Sequence[Spot], view: _View, most: int) -> list[str]:
    """The largest first; a name that would lie on another is in its place's title alone."""
    body, taken = list[str](), list[tuple[float, float]]()
    for spot in sorted(spots, key=lambda each: -(each.value or 0)):
        x, y = view.at(spot.lon, spot.lat)
        body.append(_disc(spot, x, y, most, key))
        below = y + _radius(spot, most) + SIZE
        if all(abs(x - ax) > 90 or abs(below - ay) > SIZE for ax, ay in taken):
            taken.append((x, below))
            body.append(text(x, below, cut(spot.name, 18), text_anchor="middle", font_size=11))
    return body


def _radius(spot: Spot, most: int) -> float:
    return 5.0 if not most or spot.value is None else 5 + 20 * (spot.value / most) ** 0.5


def _disc(spot: Spot, x: float, y: float, most: int, key: str) -> str:
    fill = f"url(#{key}-hatch)" if spot.value is None else COLOURS[0]
    said = f"{spot.name} : {words.number(spot.value)}"
    return tag(
        "circle", tag("title", escape(said)), cx=x, cy=y, r=_radius(spot, most), fill=fill,
        fill_opacity=0.65, stroke=COLOURS[0],
    )  # fmt: skip


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"
