"""The head of a visitor's page: back, a title, how far one is; it leaves *Aide* its corner."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from .layout import Row
from .rules import load_rules


class Dash(Widget):
    """One step; long when it is the present one."""

    lit = BooleanProperty(False)


class Steps(Row):
    """Three dots, the present one long."""

    step = NumericProperty(1)


class Header(Row):
    """Dispatches `on_back` when the arrow is touched."""

    title = StringProperty("")
    step = NumericProperty(0)
    """Of the three touches; 0: the page is not one of them."""
    __events__ = ("on_back",)

    def on_back(self) -> None:
        """For those who listen."""


load_rules(__file__)
