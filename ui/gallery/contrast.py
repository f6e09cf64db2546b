"""Whether letters stand out from what is behind them, measured on the pixels that were drawn."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from kivy.uix.widget import Widget

from ..theme import Colour
from .letters import Box, line_boxes, opacity, written

READABLE = 4.5
"""To one."""
GROUND = 0.1
"""Of the pixels around letters: a colour with so many is what they stand on."""
SAME = 6
"""Of 255: what blending leaves between a colour and itself."""


class Drawn(NamedTuple):
    """A frame: rows of RGBA from the bottom."""

    pixels: bytes
    width: int
    height: int

    def colours(self, box: Box) -> Counter[int]:
        """How many pixels there are of each colour, as RGBA in one number."""
        words = memoryview(self.pixels).cast("I")
        left, bottom, right, top = (max(0, round(edge)) for edge in box)
        right, top = min(right, self.width), min(top, self.height)
        found: Counter[int] = Counter()
        for row in range(bottom, top):
            found.update(words[row * self.width + left : row * self.width + right])
        return found


def faint_words(root: Widget, drawn: Drawn) -> Iterator[tuple[Any, ...]]:
    """Words that cannot be read where they stand; those of a dead button need not be."""
    for label in written(root):
        if opacity(label) < 1:
            continue
        found: Counter[int] = Counter()
        for line in line_boxes(label):
            found.update(drawn.colours(line))
        ink, least = tuple(label.color), GROUND * found.total()
        seen = [(_colour(code), count) for code, count in found.items()]
        grounds = [each for each, count in seen if count > least and not _same(each, ink)]
        if not grounds or not any(_same(each, ink) for each, _ in seen):
            yield "cannot be seen", label.text
        else:
            ratio = min(contrast(ink, ground) for ground in grounds)
            if ratio < READABLE:
                yield "is faint", label.text, round(ratio, 1)


def contrast(one: Colour, other: Colour) -> float:
    """As WCAG counts it: from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(code: int) -> Colour:
    return (code & 255) / 255, (code >> 8 & 255) / 255, (code >> 16 & 255) / 255, 1.0


def _same(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) * 255 <= SAME for a, b in zip(one[:3], other[:3], strict=True))
