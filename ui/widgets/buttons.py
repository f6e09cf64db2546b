"""The kinds of button: a label with its pictogram, a tile, a square, a segment."""

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from .. import theme
from .layout import Column
from .rules import load_rules
from .surfaces import Press


class Action(Press, AnchorLayout):
    """A pictogram and a word, side by side in the middle."""

    pictogram = StringProperty("")
    text = StringProperty("")
    ink = ColorProperty(theme.INK)
    size_of_type = NumericProperty(theme.BODY)
    side = NumericProperty(36)
    gap = NumericProperty(theme.GAP)
    """Between the two."""


class Tile(Press, Column):
    """A two-tone pictogram above its word: a door."""

    pictogram = StringProperty("")
    text = StringProperty("")
    deep = ColorProperty(theme.INK)


class Segment(Press, AnchorLayout):
    """One of several states, of which one is lit."""

    pictogram = StringProperty("")
    text = StringProperty("")
    lit = BooleanProperty(False)


load_rules(__file__)
