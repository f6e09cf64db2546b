"""Somebody in front of the card's panel: looks, touches one button, looks whether it led on."""

import time
from functools import partial
from pathlib import Path

from tests.image.machine import PATIENCE, Machine
from tests.image.pages import Pages
from tests.support import eventually

LEADS_ON = 90.0
"""Seconds that an emulated panel may take to show what a touch led to."""
TOUCH = 0.3
"""Seconds a finger stays down."""
STILL = 0.5
"""Seconds without a change after which a page is drawn: an emulated one draws two a second."""


class Hand:
    """Keeps a picture of every page that it has seen."""

    def __init__(self, machine: Machine, pages: Pages, shots: Path) -> None:
        self._machine, self._pages, self._shots = machine, pages, shots
        self._glance = machine.folder / "glance.png"
        self.touched = 0
        """How often."""

    def sees(self, *pages: str, seconds: float = PATIENCE) -> str:
        """Waits until one of these is on the panel, twice in a row; which."""

        def shown() -> str:
            first, second = self.glance(), self.glance()
            return first if first == second and first in pages else ""

        try:
            page = eventually(shown, seconds, f"the panel shows {' or '.join(pages)}")
        except AssertionError as error:
            self._keep("not-" + pages[0])
            told = self._pages.nearest(self._glance)
            raise AssertionError(f"{error}: it is like {told}, see {self._shots}") from None
        self._keep(page)
        return page

    def glance(self) -> str:
        """Which page is on the panel now; "" when none that is known."""
        return self._pages.nearest(self._machine.picture(self._glance))[0]

    def touches(self, page: str, words: str, leads_to: str, held: float = TOUCH) -> None:
        """One finger, once, on the button that says so; waits for where it leads."""
        self.presses(page, words, held)
        self.sees(leads_to, seconds=LEADS_ON)

    def types(self, page: str, keys: str) -> None:
        """One key after the other, each once the panel shows what the last one did."""
        for key in keys:
            self.changes(page, key)

    def changes(self, page: str, words: str) -> None:
        """As `touches`, where it leads to something that the panel shows, whatever it is."""
        before = self._machine.picture(self._glance).read_bytes()
        self.presses(page, words)
        eventually(partial(self._is_other, before), LEADS_ON, f"{words} is shown")
        # A key that is pressed is drawn, too: what it did comes after that.
        eventually(self._stands_still, LEADS_ON, "nothing moves any more")

    def presses(self, page: str, words: str, held: float = TOUCH) -> None:
        """One finger, once; does not look."""
        x, y = self._pages.buttons[page][words]
        self.touched += 1
        self._machine.presses(x, y)
        time.sleep(held)  # a finger stays down as long as it stays down
        self._machine.lifts(x, y)

    def _is_other(self, before: bytes) -> bool:
        return self._machine.picture(self._glance).read_bytes() != before

    def _stands_still(self) -> bool:
        before = self._machine.picture(self._glance).read_bytes()
        time.sleep(STILL)
        return not self._is_other(before)

    def _keep(self, page: str) -> None:
        self._shots.mkdir(parents=True, exist_ok=True)
        (self._shots / f"{page}.png").write_bytes(self._glance.read_bytes())
