"""What staff choose among: a choice, a field, a page of a list, a visit. Knows no page."""

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from .. import theme
from .layout import Column
from .rules import load_rules
from .surfaces import Press


class Chip(Press, AnchorLayout):
    """Its words may need two lines."""

    text = StringProperty("")
    value = StringProperty("")
    """What choosing it tells."""
    lit = BooleanProperty(False)
    ink = ColorProperty(theme.INK)
    size_of_type = NumericProperty(22)


class FieldKey(Press, AnchorLayout):
    """What was chosen; what is asked while nothing is."""

    pictogram = StringProperty("")
    title = StringProperty("")
    chosen = StringProperty("")
    text = StringProperty("")


class Pager(Press, AnchorLayout):
    """Turns to the next page; pale when there is one alone."""

    page = NumericProperty(0)
    count = NumericProperty(1)
    text = StringProperty("")


class VisitKey(Press, AnchorLayout):
    """A visit in a list: its number, what for, and a word of how it stands."""

    number = StringProperty("")
    pictogram = StringProperty("")
    text = StringProperty("")
    note = StringProperty("")
    deep = ColorProperty(theme.PRIMARY)
    soft = ColorProperty(theme.LINE)


class Empty(Column):
    """A drawing and a sentence where there is nothing else."""

    pictogram = StringProperty("")
    text = StringProperty("")


load_rules(__file__)
