"""A square that a telephone reads. Keeps nothing once its text is taken away."""

from typing import Final

from kivy.graphics.texture import Texture
from kivy.properties import ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from .rules import load_rules

MARGIN: Final = 4
"""Modules of white around it: without them no telephone finds it."""


class Square(Widget):
    """Black on white, one texel a module, each a whole number of pixels wide."""

    text = StringProperty("")
    texture = ObjectProperty(None, allownone=True)
    modules = NumericProperty(0)
    """Along one side, the margin counted."""
    drawn = ListProperty([0, 0])
    """Its size in pixels."""

    def on_text(self, *_: object) -> None:
        """Another text: another square."""
        self.texture, self.modules = None, 0
        if self.text:
            rows = _modules(self.text)
            self.modules = len(rows)
            self.texture = _texture(rows)
        self.on_size()

    def on_size(self, *_: object) -> None:
        """As large as whole modules fit."""
        side = self.modules and int(min(self.size)) // self.modules * self.modules
        self.drawn = [side, side]


def _modules(text: str) -> list[bytearray]:
    """Row by row from the top: 0 is black, 255 is white."""
    # Imported at the first one: a screen that shows none does not wait for it.
    import segno

    # A screen is clean and flat: the lowest level keeps modules large.
    code = segno.make(text, error="l", boost_error=False, micro=False, encoding="utf-8")
    return [
        bytearray(0 if dark else 255 for dark in row) for row in code.matrix_iter(border=MARGIN)
    ]


def _texture(rows: list[bytearray]) -> Texture:
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.blit_buffer(b"".join(reversed(rows)), colorfmt="luminance", bufferfmt="ubyte")
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


load_rules(__file__)
