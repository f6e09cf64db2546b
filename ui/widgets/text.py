"""Letters and pictograms. Knows no language: it is given its words."""

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.label import Label
from kivy.uix.widget import Widget

from .. import theme
from .rules import load_rules


class Crisp(Label):
    """Letters are drawn pixel for pixel: there is nothing between two pixels to look up."""

    def on_texture(self, _label, texture) -> None:
        """Each time the letters were made anew."""
        if texture is not None:
            texture.mag_filter = texture.min_filter = "nearest"


class Words(Crisp):
    """Text in its own box: wrapped to its width, never taller than its height."""

    size_of_type = NumericProperty(theme.BODY)
    weight = NumericProperty(400)
    fits = BooleanProperty(False)
    """Takes the height the text needs."""


class OneLine(Crisp):
    """A label as wide as its words, to stand beside a pictogram."""

    size_of_type = NumericProperty(theme.BODY)
    weight = NumericProperty(600)


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
