"""What things lie on: cards that lie still, and buttons that give way under the finger."""

from kivy.app import App
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from .. import theme
from .rules import load_rules


class Surface(Widget):
    """A rounded sheet with a border; `lip` is how far its lower edge stands out (dp)."""

    fill = ColorProperty(theme.CARD)
    edge = ColorProperty(theme.LINE)
    rounded = NumericProperty(theme.ROUND)
    lip = NumericProperty(0)
    sunk = NumericProperty(0)
    """Pixels it has given way."""


class Card(Surface, BoxLayout):
    """A surface that holds things, one under the other."""


class Press(ButtonBehavior, Surface):
    """Anything a finger presses. A touch the gate refuses is swallowed, not passed on."""

    lip = NumericProperty(theme.LIP)
    alive = BooleanProperty(True)
    """A dead button stays in its place, pale, and does nothing."""

    def on_touch_down(self, touch):
        if not self.collide_point(*touch.pos):
            return False
        if not self.alive or not App.get_running_app().accepts_touch(self):
            return True
        return super().on_touch_down(touch)


load_rules(__file__)
