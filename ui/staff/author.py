"""Who is in, by initials that are stamped on what they note. Knows no name, and no Kivy.

Said anew each time the PIN was given: the panel is everybody's. The first word that is signed asks
for them, once.
"""

from collections.abc import Callable

from appliance.errors import OperatorError

from .. import memory
from ..house import House
from ..models import initials as model
from ..models.moves import INSIDE, is_inside
from ..models.panel import Panel, changed
from ..part import Part

Touched = Callable[[Panel, str, str], Panel | None]
SIGNED = {("describe", "note"), ("describe", "strike"), ("tally", "over")}
"""Touches that lead to a word with initials on it."""


class Author(Part):
    """`initials` is empty while nobody said them."""

    def __init__(self, house: House, touched: Touched) -> None:
        """`touched`: does what was touched when initials were asked for."""
        self._house, self._touched = house, touched
        self.initials, self.typed = "", ""
        self.offered: tuple[str, ...] = ()
        """Of those who noted something lately."""
        self._before, self._is_in = "staff", False
        self.is_asked = False
        """Whether whoever is in was asked, and said or did not say."""
        self._then = ("", "")

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        if (panel.screen, touch) in SIGNED and not (self.initials or self.is_asked):
            self._then, self.is_asked = (touch, value), True
            return self._asks(panel)
        match panel.screen, touch:
            case _, "author" if panel.screen in INSIDE and panel.screen != "author":
                return self._asks(panel)
            case "author", "key":
                self.typed = model.typed(self.typed, value)
                return panel
            case "author", ("is" | "skip"):
                self.initials = (value or self.typed) if touch == "is" else ""
                return self._goes_on(changed(panel, screen=self._before, refused=False))
            case "author", "back":
                return changed(panel, screen=self._before, refused=False)
        return None

    def _asks(self, panel: Panel) -> Panel:
        self._before, self.typed = panel.screen, ""
        return changed(panel, screen="author", refused=False)

    def _goes_on(self, panel: Panel) -> Panel:
        return self._touched(panel, *self._then) or panel

    def follow(self, panel: Panel) -> None:
        comes_in = is_inside(panel) and not self._is_in
        self._is_in = is_inside(panel)
        if panel.screen != "author":
            self._then = ("", "")
        if comes_in:
            self._look()
        elif not self._is_in:
            self.initials, self.typed, self.offered = "", "", ()
            self.is_asked = False

    def _look(self) -> None:
        """A crew of one need not say who they are each time."""
        try:
            self.offered = model.offered(memory.authors(self._house.journal.path))
        except OperatorError:
            self.offered = ()
        self.initials = self.offered[0] if len(self.offered) == 1 else ""
