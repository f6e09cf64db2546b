"""The head of a visitor's page: back, a title, how far one is; it leaves *Aide* its corner."""

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from .layout import Row
from .rules import load_rules


class Dash(Widget):
    """One step; long when it is the present one."""

    lit = BooleanProperty(False)


class Steps(Row):
    """A dot for each step, the present one long."""

    step = NumericProperty(0)
    count = NumericProperty(3)

    def on_kv_post(self, _base_widget) -> None:
        """Draw them, and again whenever one goes on."""
        self.bind(step=self._mark, count=self._mark)
        self._mark()

    def _mark(self, *_: object) -> None:
        self.clear_widgets()
        for step in range(1, self.count + 1):
            self.add_widget(Dash(lit=step == self.step))


class Header(Row):
    """Dispatches `on_back` when the arrow is touched, `on_info` when the small *i* is."""

    title = StringProperty("")
    step = NumericProperty(0)
    """Of the touches that lead to a number, or of the questions after it; 0: none of them."""
    steps = NumericProperty(3)
    has_info = BooleanProperty(False)
    """Whether there is something to read about what the page asks."""
    __events__ = ("on_back", "on_info")

    def on_back(self) -> None:
        """For those who listen."""

    def on_info(self) -> None:
        """For those who listen."""


load_rules(__file__)
