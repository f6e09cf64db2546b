"""The drawn landscape with the van in it, and the long press behind it. Knows not who presses."""

from kivy.app import App
from kivy.clock import Clock
from kivy.properties import ColorProperty, NumericProperty, ObjectProperty
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from .. import theme
from .rules import load_rules

HOLD = 3.0
"""Seconds a finger must rest on it: nobody does so by chance."""
SHOWN_AFTER = 0.5
"""Seconds before the ring appears: a visitor's touch shows nothing."""


class Van(Widget):
    """The van, six glyphs in six colours laid over each other; `side` in dp."""

    side = NumericProperty(200)


class Held(Widget):
    """Dispatches `on_held` after a finger rested on it for three seconds without leaving it."""

    now = ObjectProperty(None)
    """Tells the seconds."""
    progress = NumericProperty(0)
    __events__ = ("on_held",)

    _since = 0.0
    _ticking = None

    def on_held(self) -> None:
        """For those who listen."""

    def on_touch_down(self, touch):
        if not self.collide_point(*touch.pos):
            return super().on_touch_down(touch)
        if not App.get_running_app().accepts_touch(self):
            return True
        touch.grab(self)
        self._since = self.now()
        self._stop()
        self._ticking = Clock.schedule_interval(self._tick, 1 / 15)
        return True

    def on_touch_move(self, touch):
        if touch.grab_current is self and not self.collide_point(*touch.pos):
            self._stop()
        return super().on_touch_move(touch)

    def on_touch_up(self, touch):
        if touch.grab_current is not self:
            return super().on_touch_up(touch)
        touch.ungrab(self)
        App.get_running_app().lets_touch_go(self)
        self._stop()
        return True

    def _tick(self, _elapsed: float) -> None:
        held = self.now() - self._since
        self.progress = min(1.0, held / HOLD) if held > SHOWN_AFTER else 0
        if held >= HOLD:
            self._stop()
            if App.get_running_app().lets_touch_go(self):
                self.dispatch("on_held")

    def _stop(self) -> None:
        self.progress = 0
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None


class HeldVan(Held):
    """The van that opens the driver's page."""

    side = NumericProperty(200)


class HeldLock(Held):
    """The small lock that opens the staff's door."""

    ink = ColorProperty(theme.MUTED)


class Hills(Widget):
    """Three hills, one before the other."""


class Landscape(FloatLayout):
    """Sky, sun, a village on the far hill, the van on the near one; passes on `on_held`."""

    now = ObjectProperty(None)
    side = NumericProperty(230)
    """Of the van, in dp."""
    clear = NumericProperty(1)
    """Whether the sky has room for clouds and a village."""
    __events__ = ("on_held",)

    def on_held(self) -> None:
        """For those who listen."""


load_rules(__file__)
