"""What things lie on: cards that lie still, and buttons that give way under the finger."""

from kivy.app import App
from kivy.graphics.texture import Texture
from kivy.metrics import dp
from kivy.properties import (
    AliasProperty,
    BooleanProperty,
    ColorProperty,
    NumericProperty,
    StringProperty,
)
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.widget import Widget

from .. import theme
from .layout import Column
from .rules import load_rules
from .sheets import sheet


class Surface(Widget):
    """A rounded sheet with a border; `lip` is how far its lower edge stands out (dp)."""

    fill = ColorProperty(theme.CARD)
    edge = ColorProperty(theme.LINE)
    rounded = NumericProperty(theme.ROUND)
    lip = NumericProperty(0)
    sunk = NumericProperty(0)
    """Pixels it has given way."""
    heard = BooleanProperty(False)
    """It is being read aloud: its border shines."""

    def _sheet(self) -> Texture:
        corner, lip = self._corner_and_lip()
        edge, stroke = (theme.SUN, theme.LIT) if self.heard else (self.edge, theme.STROKE)
        return sheet(tuple(self.fill), tuple(edge), corner, round(dp(stroke)), lip)

    def _border(self) -> tuple[int, int, int, int]:
        corner, lip = self._corner_and_lip()
        return corner + lip, corner, corner, corner

    def _corner_and_lip(self) -> tuple[int, int]:
        return round(dp(self.rounded)), round(dp(self.lip) - self.sunk)

    sheet = AliasProperty(
        _sheet, bind=["fill", "edge", "rounded", "lip", "sunk", "heard"], cache=True
    )
    border = AliasProperty(_border, bind=["rounded", "lip", "sunk"], cache=True)
    """What of the sheet is not stretched, in pixels: bottom, right, top, left."""


class Card(Surface, Column):
    """A surface that holds things, one under the other."""


class Press(ButtonBehavior, Surface):
    """Anything a finger presses. What the gate refuses is swallowed, not passed on."""

    lip = NumericProperty(theme.LIP)
    said = StringProperty("")
    """What is read aloud of it, where its words are not shown."""
    alive = BooleanProperty(True)
    """A dead button stays in its place, pale, and does nothing."""

    def on_touch_down(self, touch):
        if not self.collide_point(*touch.pos):
            return False
        if not self.alive or not App.get_running_app().accepts_touch(self):
            return True
        return super().on_touch_down(touch)

    def on_touch_up(self, touch):
        if touch.grab_current is self and not App.get_running_app().lets_touch_go(self):
            touch.ungrab(self)
            self._do_release()
            return True
        return super().on_touch_up(touch)


load_rules(__file__)
