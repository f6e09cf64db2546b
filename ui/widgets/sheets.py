"""Rounded sheets as small stretched textures, each made once. Knows no widget.

A sheet stretched over nine fields paints every pixel once and its corners alone with blending:
a fifth of what two smooth shapes laid over each other cost where no GPU helps. Its pixels are
reckoned here: drawing each into a buffer of its own took 0.4 MB and four times as long.
"""

import math
from functools import lru_cache
from typing import NamedTuple

from kivy.graphics.texture import Texture

from ..theme import Colour


@lru_cache(maxsize=128)
def sheet(fill: Colour, edge: Colour, rounded: int, stroke: int, lip: int) -> Texture:
    """The least of a sheet, all in pixels: its corners, and two between them to be stretched."""
    width, height = 2 * rounded + 2, 2 * rounded + lip + 2
    outside = Shape(0, 0, width, height, rounded)
    inside = Shape(stroke, stroke + lip, width - stroke, height - stroke, rounded - stroke)
    pixels = bytearray()
    for y in range(height):
        half = [
            _mixed(fill, inside.share_of(x, y), edge, outside.share_of(x, y))
            for x in range(width // 2)
        ]
        pixels += b"".join(half) + b"".join(reversed(half))
    texture = Texture.create(size=(width, height), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    # Corners are never stretched, and the middle is of one colour: nothing to blend between.
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


class Shape(NamedTuple):
    """A rectangle with round corners."""

    left: int
    bottom: int
    right: int
    top: int
    radius: int

    def share_of(self, x: int, y: int) -> float:
        """How much of that pixel lies in it."""
        x_off = max(self.left + self.radius - x - 0.5, x + 0.5 - self.right + self.radius)
        y_off = max(self.bottom + self.radius - y - 0.5, y + 0.5 - self.top + self.radius)
        if x_off <= 0 or y_off <= 0:
            return float(max(x_off, y_off) <= self.radius)
        return max(0.0, min(1.0, self.radius - math.hypot(x_off, y_off) + 0.5))


def _mixed(fill: Colour, inside: float, edge: Colour, outside: float) -> bytes:
    """One colour laid over the other. What is clear has the edge's: no dark fringe on corners."""
    over, under = inside * fill[3], outside * edge[3] * (1 - inside * fill[3])
    share = over / (over + under) if over + under else 0.0
    colour = (edge[part] + (fill[part] - edge[part]) * share for part in range(3))
    return bytes(round(255 * part) for part in (*colour, over + under))
