"""The sheets that buttons and cards are made of, pixel by pixel."""

import pytest

from ui import theme
from ui.theme import Colour

pytestmark = pytest.mark.usefixtures("bench")

FILL, EDGE = theme.CARD, theme.SUN
ROUNDED, STROKE, LIP = 18, 2, 5


def pixel(x: int, y: int) -> tuple[int, ...]:
    """From the bottom left."""
    from ui.widgets.sheets import sheet

    texture = sheet(FILL, EDGE, ROUNDED, STROKE, LIP)
    assert texture.size == (2 * ROUNDED + 2, 2 * ROUNDED + LIP + 2)
    at = (y * texture.width + x) * 4
    return tuple(texture.pixels[at : at + 4])


def as_bytes(colour: Colour, opacity: int = 255) -> tuple[int, ...]:
    return (*(round(255 * part) for part in colour[:3]), opacity)


def test_a_sheet_has_a_border_around_and_a_lip_below() -> None:
    middle = ROUNDED + 1
    assert pixel(middle, middle) == as_bytes(FILL)
    assert pixel(0, middle) == pixel(STROKE - 1, middle) == as_bytes(EDGE)
    assert pixel(middle, STROKE + LIP - 1) == as_bytes(EDGE)
    assert pixel(middle, STROKE + LIP) == as_bytes(FILL)
    assert pixel(middle, 2 * ROUNDED + LIP + 1) == as_bytes(EDGE)


def test_the_outside_of_a_corner_is_clear_and_leaves_no_dark_fringe() -> None:
    assert pixel(0, 0) == as_bytes(EDGE, 0)
    soft = [pixel(x, 2) for x in range(ROUNDED)]
    assert {colour[:3] for colour in soft} == {as_bytes(EDGE)[:3]}
    assert any(0 < colour[3] < 255 for colour in soft)
