"""Layouts that turn round for a language read from the right. Knows no language: `app.rtl` says.

`Row`, `Column` and `Grid` stand for Kivy's own boxes and grid in every `.kv` file.
"""

from kivy.properties import BooleanProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.layout import Layout

from .rules import load_rules


class Mirror(Layout):
    """Lays out as its fellow does, then, from the right, each child at its mirrored place."""

    rtl = BooleanProperty(False)

    def on_rtl(self, *_: object) -> None:
        """The language is read the other way now."""
        self._trigger_layout()

    def do_layout(self, *args: object) -> None:
        """Called by Kivy, once per frame at most."""
        super().do_layout(*args)
        if self.rtl:
            for child in self.children:
                child.x = 2 * self.x + self.width - child.right


class Row(Mirror, BoxLayout):
    """Side by side, beginning where the language begins."""


class Column(Mirror, BoxLayout):
    """One under the other; what is narrower stands where the language begins."""


class Grid(Mirror, GridLayout):
    """In rows, each beginning where the language begins."""


load_rules(__file__)
