"""A page of staff that shows a list, some lines at a time. Builds no line itself."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from ...widgets.chips import Empty
from ..base import DeskScreen


class ListScreen(DeskScreen):
    """Draws its lines again when they have changed, and only then; into what has the id `lines`."""

    page = NumericProperty(0)
    count = NumericProperty(1)
    """Of pages."""
    nothing = StringProperty("")
    """What is said instead of lines."""
    picture = StringProperty("")
    _drawn: Any = None

    def turn(self) -> None:
        """To the next page; after the last comes the first."""
        self.page = (self.page + 1) % self.count
        self.refresh()

    def draw(self, lines: Sequence[Hashable], a_page: int, build: Callable[[Any], Widget]) -> None:
        """Those of this page, and room for those that a full page would have."""
        self.count = max(1, -(-len(lines) // a_page))
        self.page = min(self.page, self.count - 1)
        shown = tuple(lines[self.page * a_page :][:a_page])
        if (shown, a_page) == self._drawn:
            return
        self._drawn = shown, a_page
        self.ids.lines.clear_widgets()
        for line in shown:
            self.ids.lines.add_widget(build(line))
        if not shown:
            self.ids.lines.add_widget(Empty(text=self.nothing, pictogram=self.picture))
        for _ in range(a_page - len(shown) if shown else 0):
            self.ids.lines.add_widget(Widget())

    def on_leave(self, *_: object) -> None:
        """Nothing of it waits out of sight; whoever comes back begins at the first page."""
        self.page, self._drawn = 0, None
        self.ids.lines.clear_widgets()
