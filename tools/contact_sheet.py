"""Small pictures in rows on one sheet, each with its name below. Needs a Kivy window."""

from collections.abc import Sequence
from pathlib import Path

from kivy.core.text import Label
from kivy.graphics import Color, Fbo, Rectangle
from kivy.graphics.texture import Texture

from ui import theme
from ui.gallery.contrast import Drawn

SHEET = 1660
"""Pixels: how wide a sheet is."""
SMALL = {True: 398, False: 260}
"""Pixels: how wide a small picture is, of a lying and of a standing panel."""
GAP, CAPTION = 12, 26


def save(path: Path, pictures: Sequence[tuple[str, Drawn]]) -> None:
    """Writes them as one PNG."""
    if not pictures:
        return
    first = pictures[0][1]
    width = SMALL[first.width > first.height]
    height = width * first.height // first.width
    columns = min(len(pictures), (SHEET - GAP) // (width + GAP))
    rows = -(-len(pictures) // columns)
    size = GAP + columns * (width + GAP), GAP + rows * (height + CAPTION + GAP)
    drawing = Fbo(size=size)
    with drawing:
        Color(*theme.LINE)
        Rectangle(size=size)
        Color(*theme.WHITE)
        for number, (name, frame) in enumerate(pictures):
            row, column = divmod(number, columns)
            x, y = GAP + column * (width + GAP), size[1] - (row + 1) * (height + CAPTION + GAP)
            Rectangle(texture=_texture(frame), pos=(x, y + CAPTION), size=(width, height))
            words = _written(name)
            Rectangle(texture=words, pos=(x, y), size=words.size)
    drawing.draw()
    drawing.texture.save(str(path), flipped=True)


def _texture(frame: Drawn) -> Texture:
    texture = Texture.create(size=(frame.width, frame.height), colorfmt="rgba", mipmap=True)
    texture.blit_buffer(frame.pixels, colorfmt="rgba", bufferfmt="ubyte")
    texture.min_filter = "linear_mipmap_linear"
    return texture


def _written(name: str) -> Texture:
    label = Label(text=name, font_name=theme.font(400), font_size=18, color=theme.INK)
    label.refresh()
    return label.texture
