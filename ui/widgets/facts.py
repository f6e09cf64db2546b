"""What is so, and what may be set, line by line: a fact, a step up or down, a choice in its place.

Know no page and keep nothing.
"""

from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.anchorlayout import AnchorLayout

from .layout import Row
from .rules import load_rules
from .surfaces import Press

MARKS = {"well": "check_circle", "look": "warning", "bad": "error", "unknown": "help"}
"""How something is → the pictogram that says so beside its colour."""


class Fact(Row):
    """A thing, how it is, and a mark that tells it at a glance."""

    pictogram = StringProperty("")
    title = StringProperty("")
    text = StringProperty("")
    mark = OptionProperty("well", options=list(MARKS))
    marks = MARKS


class Stepper(Row):
    """Less, how much, more; dispatches `on_step` with -1 or 1."""

    pictogram = StringProperty("")
    title = StringProperty("")
    text = StringProperty("")
    level = NumericProperty(0)
    """From `least` to 10."""
    least = NumericProperty(0)
    alive = BooleanProperty(True)
    __events__ = ("on_step",)

    def on_step(self, step: int) -> None:
        """For those who listen."""


class Pick(Press, AnchorLayout):
    """One of several that may be chosen together; its place among them is told."""

    text = StringProperty("")
    place = NumericProperty(0)
    """First, second…; 0: it is not chosen."""
    lit = BooleanProperty(False)


load_rules(__file__)
