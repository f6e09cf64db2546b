"""Somebody comes back with a number and three letters, to change or give back. Knows no Kivy.

The number alone tells nobody anything; what was typed is gone with the page.
"""

from protocol.event import Key
from protocol.workshops import Cancelled

from .codes import Codes
from .house import House
from .models import typed as keys
from .models.panel import Panel, changed
from .part import Part
from .seats import Seats

WRONG = {"wrong": "my_code.wrong", "wait": "my_code.wait"}
"""Key of what is said then."""


class MyPlace(Part):
    """From a number to what stands under it, behind its letters."""

    def __init__(self, house: House, seats: Seats, codes: Codes) -> None:
        self._house, self._seats, self._codes = house, seats, codes
        self.typed, self.note = "", ""
        """On the page that is up; the key of what is said about the last try."""
        self._page = ""
        """The page that is typed on; *Aide* and *Encore là ?* lead back to it."""

    def code(self, sign_up: Key) -> str:
        """The letters to take home."""
        return self._codes.of(sign_up)

    def press(self, panel: Panel, key: str) -> None:
        """A key of the page's pad."""
        if panel.screen == "my_number":
            self.typed, self.note = keys.counted(self.typed, key), ""
        elif panel.screen == "my_code":
            self.typed, self.note = keys.coded(self.typed, key), ""

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        match (panel.screen, touch):
            case ("my_number", "numbered"):
                return self._numbered(panel)
            case ("my_code", "coded"):
                return self._coded(panel)
            case ("give_back", "yes") if panel.sign_up:
                self._seats.look()
                self._seats.keep(Cancelled(sign_up=panel.sign_up))
                return changed(panel, screen="given_back")
            case ("people", "back") | ("sorry", "again") if panel.sign_up:
                return self._place(panel, panel.sign_up)
        return None

    def follow(self, panel: Panel) -> None:
        if panel.screen not in (self._page, "help", "still_there"):
            self._page, self.typed, self.note = panel.screen, "", ""

    def _numbered(self, panel: Panel) -> Panel:
        self._seats.look()
        key = self._seats.numbered(int(self.typed or 0))
        if key is None or not self._seats.standings[key].seats:
            self.note = "my_number.given_back" if key else "my_number.unknown"
            self.typed = ""
            return panel
        return changed(panel, screen="my_code", number=int(self.typed))

    def _coded(self, panel: Panel) -> Panel:
        self._seats.look()
        key = self._seats.numbered(panel.number)
        if key is None:
            return changed(panel, screen="my_number", number=0)
        outcome = self._codes.check(panel.number, key, self.typed)
        if outcome != "right":
            self.typed, self.note = "", WRONG[outcome]
            return panel
        return self._place(panel, key)

    def _place(self, panel: Panel, key: Key) -> Panel:
        stands = self._seats.standings[key]
        return changed(
            panel,
            screen="my_place",
            sign_up=key,
            workshop=stands.event.workshop,
            people=stands.seats,
            waiting=stands.waiting,
        )
