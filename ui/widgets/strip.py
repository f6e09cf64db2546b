"""A warning in one line below a page. It takes its room from the page: nothing is covered."""

from kivy.properties import StringProperty

from .layout import Row
from .rules import load_rules


class Strip(Row):
    """As high as its words need; without words it is not there."""

    pictogram = StringProperty("")
    text = StringProperty("")


load_rules(__file__)
