"""An animation in the street: counted by hand, noted when it is over. No Kivy.

What was counted so far outlives the page and a new beginning of the screen, and no cut.
"""

from collections.abc import Callable

from protocol.event import Key

from .. import memory
from ..house import House
from ..models import tally as model
from ..models.panel import Panel, changed
from ..part import Part
from .moment import Moment


class Animation(Part):
    """A touch a person."""

    def __init__(self, house: House, moment: Moment, author: Callable[[], str]) -> None:
        self._house, self._moment, self._author = house, moment, author
        self.last = ""
        """The key that was touched last, to take it back."""
        if self.counts and self._last_tally() != moment.tally_after:
            self._clear()  # it is on the card: the screen ended before it could forget it

    @property
    def counts(self) -> model.Counts:
        """So far, not noted yet."""
        return self._moment.tally

    @property
    def theme(self) -> str:
        """The door it is about."""
        return self._moment.tally_theme

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        match panel.screen, touch:
            case "staff", "animation" if self.counts:
                return changed(panel, screen="tally", refused=False)
            case "animation", "chose":
                self._moment.tally_theme = value
                self._keep(self._moment.tally)
                return changed(panel, screen="tally")
            case "tally", "one":
                if not self.counts:
                    self._moment.tally_after = self._last_tally()
                self.last = value
                self._keep(model.counted(self.counts, value))
                return panel
            case "tally", "undo" if self.last:
                self._keep(model.counted(self.counts, self.last, by=-1))
                self.last = ""
                return panel
            case "tally", "over" if self.counts:
                return changed(panel, screen="lasted")
            case "lasted", "note":
                return self._note(panel, value)
        return None

    def follow(self, panel: Panel) -> None:
        if panel.screen != "tally":
            self.last = ""

    def settle(self) -> None:
        """The day, or the rehearsal, is over: note what was counted. Raises JournalRefused."""
        if self.counts:
            self._keep_event("")
        self._clear()

    def _clear(self) -> None:
        self.last = self._moment.tally_theme = ""
        self._keep({})

    def _last_tally(self) -> Key | None:
        return memory.last_tally(self._house.journal.path)

    def _note(self, panel: Panel, minutes: str) -> Panel:
        self._keep_event(minutes)
        self._clear()
        return changed(panel, screen="staff", refused=False)

    def _keep_event(self, minutes: str) -> None:
        stop = memory.open_stop(self._house.data / "vehicle.db", self._house.vehicle)
        self._house.keep(model.tally(self.counts, self.theme, minutes, stop, self._author()))

    def _keep(self, counts: dict[str, dict[str, int]]) -> None:
        self._moment.tally = counts
        self._moment.keep(self._house.run)
