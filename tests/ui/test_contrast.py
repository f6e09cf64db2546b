"""Every pair of colours that text is made of can be read: 4.5 to 1, the main text 7 to 1."""

import pytest

from ui import doors
from ui import theme as t
from ui.gallery.contrast import contrast
from ui.theme import Colour

MAIN = [
    (t.INK, t.PAPER),
    (t.INK, t.CARD),
    (t.INK, t.SUN),
    (t.INK, t.SUN_TINT),
    (t.INK, t.SKY),
    (t.WHITE, t.PRIMARY),
    (t.OK_EDGE, t.OK_TINT),
    (t.WARN_INK, t.WARN_TINT),
    (t.NIGHT_TEXT, t.NIGHT),
    (t.NIGHT_TEXT, t.NIGHT_CARD),
    (t.NIGHT_MUTED, t.NIGHT_CARD),
    (t.SUN, t.NIGHT_CARD),
]
SIDE = [
    (t.MUTED, t.PAPER),
    (t.WHITE, t.OK),
    (t.PRIMARY, t.CARD),
    *((ink, ground) for ink in (t.OK_EDGE, t.WARN_INK) for ground in (t.PAPER, t.CARD)),
    (t.MUTED, t.CARD),
    *((door.deep, door.tint) for door in doors.DOORS),
    *((t.INK, door.tint) for door in doors.DOORS),
]


@pytest.mark.parametrize(("ink", "ground"), MAIN)
def test_main_text_reads_seven_to_one(ink: Colour, ground: Colour) -> None:
    assert contrast(ink, ground) >= 7


@pytest.mark.parametrize(("ink", "ground"), SIDE)
def test_other_text_reads_four_and_a_half_to_one(ink: Colour, ground: Colour) -> None:
    assert contrast(ink, ground) >= 4.5
