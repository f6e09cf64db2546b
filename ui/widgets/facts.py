"""What is so, and what may be set, line by line: a fact, a step up or down, a choice in its place.

Know no page and keep nothing.
"""

from kivy.graphics import Color, Rectangle
from kivy.properties import (
    BooleanProperty,
    ListProperty,
    NumericProperty,
    OptionProperty,
    StringProperty,
)
from kivy.uix.anchorlayout import AnchorLayout
from kivy.uix.widget import Widget

from .. import theme
from .layout import Row
from .rules import load_rules
from .surfaces import Press

MARKS = {"well": "check_circle", "look": "warning", "bad": "error", "unknown": "help"}
"""How something is → the pictogram that says so beside its colour."""


BARS, STRONG, LOUDEST = 12, 30, 50
"""Satellites shown; dBHz from which one helps; dBHz of the highest bar."""
LOW = theme.LINE


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


class Sky(Widget):
    """A bar for each satellite, as high as it is heard; none is heard: low stumps."""

    strengths = ListProperty()
    """dBHz, the strongest first."""

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.bind(strengths=self._draw, pos=self._draw, size=self._draw)
        self._draw()

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        step = self.width / BARS
        with self.canvas:
            for place in range(BARS):
                strength = self.strengths[place] if place < len(self.strengths) else 0
                Color(*(theme.OK if strength >= STRONG else theme.SUN_EDGE if strength else LOW))
                height = max(0.1, min(1.0, strength / LOUDEST)) * self.height
                Rectangle(pos=(self.x + place * step, self.y), size=(step * 0.6, height))


class Pick(Press, AnchorLayout):
    """One of several that may be chosen together; its place among them is told."""

    text = StringProperty("")
    place = NumericProperty(0)
    """First, second…; 0: it is not chosen."""
    lit = BooleanProperty(False)


load_rules(__file__)
