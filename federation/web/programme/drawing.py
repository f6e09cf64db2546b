"""Places and the way between them, drawn on the server: no tiles, no internet. Pure.

North is up, distances are true; each place has its name beside it, and a scale lies below.
"""

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Final, NamedTuple

from django.utils.safestring import SafeString, mark_safe

from ..fleet.drawing import Frame, france

WIDTH: Final = 720
HEIGHT: Final = 420
MARGIN: Final = 60
DEGREE: Final = 111_195.0
"""Metres."""
LETTER: Final = 10.5
"""Width of a letter on a telephone, where they are drawn larger."""
LEAST: Final = 1500.0
"""Metres across, of places that are close together."""


CROWD: Final = 60
"""More places than this have no name beside them: nobody could read it."""


class Point(NamedTuple):
    """A place."""

    name: str
    lat: float
    lon: float
    note: str = ""
    chosen: bool = False


def of_country(points: Sequence[Point]) -> SafeString:
    """Dots on the outline of France, for several territories; empty when there is none."""
    spots = [(point, spot) for point in points if (spot := france().place(point.lat, point.lon))]
    if not spots:
        return mark_safe("")
    width, height = france().width, france().height
    dots = "".join(_dot(point, x, y, 10) for point, (x, y) in spots)
    return mark_safe(  # noqa: S308  every text in it is escaped
        f'<svg class="plan country" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Carte de {len(spots)} lieux">'
        f'<rect class="ground" width="{width}" height="{height}"/>'
        f"{''.join(map(_framed, france().frames))}{dots}</svg>"
    )


def of_places(points: Sequence[Point]) -> SafeString:
    """Without a way between them; empty when there is none."""
    return _drawn(points, way=False)


def of_tour(points: Sequence[Point]) -> SafeString:
    """With the way from each to the next one."""
    return _drawn(points, way=True)


def _drawn(points: Sequence[Point], *, way: bool) -> SafeString:
    if not points:
        return mark_safe("")
    scale, at = _projection(points)
    spots = [at(point) for point in points]
    parts = [
        f'<svg class="plan" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{_told(points)}">',
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}"/>',
    ]
    parts.append(_land(points, at))
    if way:
        line = " ".join(f"{x},{y}" for x, y in spots)
        parts.append(f'<polyline class="way" points="{line}"/>')
    if len(points) > CROWD:
        dots = "".join(_dot(point, x, y, 5) for point, (x, y) in zip(points, spots, strict=True))
        return mark_safe("".join([*parts, dots, _scale(scale), "</svg>"]))  # noqa: S308
    taken: list[tuple[int, int]] = []
    for number, (point, (x, y)) in enumerate(zip(points, spots, strict=True), 1):
        parts.append(_mark(point, x, y, str(number) if way else "", taken))
    parts += [_scale(scale), "</svg>"]
    return mark_safe("".join(parts))  # noqa: S308  every text in it is escaped


def _projection(points: Sequence[Point]):  # type: ignore[no-untyped-def]
    """Pixels a metre, and where a point is."""
    south, north = min(p.lat for p in points), max(p.lat for p in points)
    west, east = min(p.lon for p in points), max(p.lon for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * DEGREE * squeeze, LEAST)
    high = max((north - south) * DEGREE, LEAST)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / high)

    def at(point: Point) -> tuple[int, int]:
        x = (point.lon - (west + east) / 2) * DEGREE * squeeze * scale
        y = ((south + north) / 2 - point.lat) * DEGREE * scale
        return round(WIDTH / 2 + x), round(HEIGHT / 2 + y)

    return scale, at


def _land(points: Sequence[Point], at: Callable[[Point], tuple[int, int]]) -> str:
    """The outline of the part of France that these places are in, moved to where they are drawn."""
    frame = next((f for f in france().frames if f.place(points[0].lat, points[0].lon)), None)
    if frame is None:
        return ""
    (left, top), (right, bottom) = (
        at(Point("", lat, lon))
        for lat, lon in ((frame.north, frame.west), (frame.south, frame.east))
    )
    wide, high = (
        (frame.east - frame.west) * frame.squeeze * frame.scale,
        (frame.north - frame.south) * frame.scale,
    )
    across, down = (right - left) / wide, (bottom - top) / high
    x = left - (frame.x + frame.width / 2 - wide / 2) * across
    y = top - (frame.y + frame.height / 2 - high / 2) * down
    moved = f"matrix({across:.4f} 0 0 {down:.4f} {x:.1f} {y:.1f})"
    return f'<path class="land" transform="{moved}" d="{frame.path}"/>'


def _framed(frame: Frame) -> str:
    """A part of France where it lies on the whole drawing; those overseas in boxes."""
    land = f'<path class="land" d="{frame.path}"/>'
    if frame is france().frames[0]:
        return land
    box = f'x="{frame.x}" y="{frame.y}" width="{frame.width}" height="{frame.height}" rx="8"'
    below = frame.y + frame.height + 26
    name = f'<text class="part" x="{frame.x}" y="{below}">{escape(frame.name)}</text>'
    return f'<rect class="inset" {box}/>{name}{land}'


def _dot(point: Point, x: int, y: int, radius: int) -> str:
    return (
        f'<g class="spot"><circle cx="{x}" cy="{y}" r="{radius}">'
        f"<title>{escape(point.name)}</title></circle></g>"
    )


def _mark(point: Point, x: int, y: int, number: str, taken: list[tuple[int, int]]) -> str:
    down = y + 5
    while any(abs(down - other) < 15 and abs(x - beside) < 170 for beside, other in taken):
        down += 15
    if down > HEIGHT - 8:
        return _dot(point, x, y, 9)  # below the drawing nobody reads it
    taken.append((x, down))
    left = x + 13 + LETTER * len(f"{point.note} {point.name}") > WIDTH and x > WIDTH / 3
    anchor, beside = ("end", x - 13) if left else ("start", x + 13)
    note = f"{escape(point.note)} " if point.note else ""
    kind = "spot chosen" if point.chosen else "spot"
    return (
        f'<g class="{kind}"><circle cx="{x}" cy="{y}" r="9"/>'
        f'<text class="count" x="{x}" y="{y + 4}">{number}</text>'
        f'<text class="name" x="{beside}" y="{down}" text-anchor="{anchor}">'
        f"{note}{escape(point.name)}</text></g>"
    )


def _scale(scale: float) -> str:
    metres = 10 ** math.floor(math.log10(160 / scale))
    metres *= max(step for step in (1, 2, 5) if metres * step * scale <= 160)
    length, told = round(metres * scale), f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    y = HEIGHT - 18
    return (
        f'<g class="scale"><path d="M20 {y - 6}v6h{length}v-6"/>'
        f'<text x="{26 + length}" y="{y}">{told}</text></g>'
    )


def _told(points: Sequence[Point]) -> str:
    if len(points) > CROWD:
        return f"Carte de {len(points)} lieux"
    return escape("Carte : " + ", ".join(f"{p.note} {p.name}".strip() for p in points))
