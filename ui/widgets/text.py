"""Letters and pictograms. Knows no language: it is given its words."""

from kivy.core.text import Label as CoreLabel
from kivy.properties import (
    AliasProperty,
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from .. import theme
from ..text import shape
from .rules import load_rules


class Crisp(Label):
    """Letters are drawn pixel for pixel: there is nothing between two pixels to look up."""

    def on_texture(self, _label, texture) -> None:
        """Each time the letters were made anew."""
        if texture is not None:
            texture.mag_filter = texture.min_filter = "nearest"


class Written(Crisp):
    """A text of any language: its letters choose the font, and stand as they are read."""

    size_of_type = NumericProperty(theme.BODY)
    weight = NumericProperty(400)
    rtl = BooleanProperty(False)
    """Whether the page is read from the right: this is where a line of any script starts."""
    halign = OptionProperty("start", options=["start", "center", "end"])
    script = AliasProperty(lambda self: shape.script(self.text), bind=["text"], cache=True)

    def on_rtl(self, *_: object) -> None:
        """The language is read the other way now."""
        self._trigger_texture()

    def texture_update(self, *_: object) -> None:
        """Called by Kivy before a frame in which something of the text is new."""
        drawn = self._label
        drawn.options["halign"] = {
            "start": "right" if self.rtl else "left",
            "center": "center",
            "end": "left" if self.rtl else "right",
        }[self.halign]
        drawn.text = self._shaped() if self.script == "arabic" else self.text
        if not drawn.text:
            # Kivy would keep the letters that stood here, and their pixels.
            drawn.refresh()
        super().texture_update()

    def _shaped(self) -> str:
        width = self.text_size[0]
        if width is None or self.shorten:
            return shape.joined(self.text)
        return shape.wrapped(
            self.text, width, lambda line: width_of(line, self.font_name, self.font_size)
        )


def width_of(line: str, font: str, size: float) -> float:
    """Of a line as it is drawn, in pixels."""
    return CoreLabel(font_name=font, font_size=size).get_extents(line)[0]


class Words(Written):
    """Text in its own box: wrapped to its width, never taller than its height."""

    fits = BooleanProperty(False)
    """Takes the height the text needs."""


class OneLine(Written):
    """A label as wide as its words, to stand beside a pictogram."""

    weight = NumericProperty(600)
    room = NumericProperty(0)
    """Pixels: words that need more go over several lines. 0: they have all they need."""

    def on_room(self, *_: object) -> None:
        """The button was given another size."""
        self._trigger_texture()

    def texture_update(self, *_: object) -> None:
        """As of any text, once it is known whether it fits."""
        fits = not self.room or self._needs() <= self.room
        self.text_size = (None, None) if fits else (self.room, None)
        super().texture_update()

    def _needs(self) -> float:
        drawn = shape.joined(self.text) if self.script == "arabic" else self.text
        return width_of(drawn, self.font_name, self.font_size)


class Pictogram(Crisp):
    """One glyph of the pictogram font, square."""

    name = StringProperty("")
    side = NumericProperty(40)


class TwoTones(Widget):
    """The filled shape in a soft colour under its outline in a deep one."""

    name = StringProperty("")
    side = NumericProperty(40)
    deep = ColorProperty(theme.INK)
    soft = ColorProperty(theme.LINE)


load_rules(__file__)
