"""Who is in, by initials that are stamped on what they note. Knows no name, and no Kivy.

Said anew each time the PIN was given: the panel is everybody's.
"""

from appliance.errors import OperatorError

from .. import memory
from ..house import House
from ..models import initials as model
from ..models.moves import INSIDE, is_inside
from ..models.panel import Panel, changed
from ..part import Part


class Author(Part):
    """`initials` is empty while nobody said them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.initials, self.typed = "", ""
        self.offered: tuple[str, ...] = ()
        """Of those who noted something lately."""
        self._before, self._is_in = "staff", False

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        match panel.screen, touch:
            case _, "author" if panel.screen in INSIDE and panel.screen != "author":
                self._before, self.typed = panel.screen, ""
                return changed(panel, screen="author", refused=False)
            case "author", "key":
                self.typed = model.typed(self.typed, value)
                return panel
            case "author", "is":
                self.initials = value or self.typed
                return changed(panel, screen=self._before)
            case "author", "back":
                return changed(panel, screen=self._before)
        return None

    def follow(self, panel: Panel) -> None:
        comes_in = is_inside(panel) and not self._is_in
        self._is_in = is_inside(panel)
        if comes_in:
            self._look()
        elif not self._is_in:
            self.initials, self.typed, self.offered = "", "", ()

    def _look(self) -> None:
        """A crew of one need not say who they are each time."""
        try:
            self.offered = model.offered(memory.authors(self._house.journal.path))
        except OperatorError:
            self.offered = ()
        self.initials = self.offered[0] if len(self.offered) == 1 else ""
