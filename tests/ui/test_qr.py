"""The square that a telephone reads: each module is whole, and large enough for a camera."""

from pathlib import Path

import pytest
import segno

from tests.support import unit_config
from tests.ui.kit import Bench, becomes
from ui.display import PROFILES

TEXT = "BEGIN:VEVENT\nSUMMARY:Été à l’école\nEND:VEVENT"


def modules(square: object) -> list[list[bool]]:
    """What the texture shows, from the top: True is black."""
    texture = square.texture  # type: ignore[attr-defined]
    pixels, side = texture.pixels, texture.width
    dark = [pixels[place] < 128 for place in range(0, len(pixels), 4)]
    rows = [dark[row * side : (row + 1) * side] for row in range(side)]
    return rows if texture.uvsize[1] < 0 else rows[::-1]


def test_every_module_of_the_code_is_drawn_in_its_place(bench: Bench) -> None:
    from ui.widgets.qr import MARGIN, Square

    square = Square(text=TEXT, size=(200, 180))
    code = segno.make(TEXT, error="l", boost_error=False, micro=False, encoding="utf-8")
    assert modules(square) == [
        [bool(dark) for dark in row] for row in code.matrix_iter(border=MARGIN)
    ]
    assert square.modules == code.symbol_size(border=MARGIN)[0]
    assert square.drawn == [square.modules * (180 // square.modules)] * 2


def test_nothing_of_it_is_left_once_its_text_is_taken_away(bench: Bench) -> None:
    from ui.widgets.qr import Square

    square = Square(text=TEXT, size=(200, 200))
    square.text = ""
    assert (square.texture, square.drawn) == (None, [0, 0])


@pytest.mark.parametrize("panel", PROFILES)
@pytest.mark.parametrize(
    ("scene", "least"), [("ateliers-27-inscrit", 0.5), ("ateliers-28-inscrit-attente", 0.35)]
)
def test_a_module_is_as_wide_as_a_camera_needs(
    tmp_path: Path, panel: str, scene: str, least: float
) -> None:
    """In millimetres; printed codes are read from .25 on."""
    from ui.gallery.pictures import SCENES
    from ui.gallery.stage import Stage
    from ui.widgets.qr import Square

    becomes(PROFILES[panel])
    stage = Stage(unit_config(tmp_path, screen={"panel": panel}), tmp_path / "scenes")
    stage.arrange(next(each.arrange for each in SCENES if each.name == scene))
    stage.settle()
    page = stage.app.root.ids.manager.current_screen
    (square,) = (each for each in page.walk() if isinstance(each, Square))
    wide = square.drawn[0] / square.modules / PROFILES[panel].sharpness
    stage.pump()
    stage.close()
    assert wide >= least
