"""The desk behind the screen: asks its parts at each touch, and shows what is kept. No Kivy.

It owns the screen's journal, and works with every other process of the unit dead.
"""

import logging
import time
from collections.abc import Callable

from appliance import runtime
from appliance.clock import BootClock
from appliance.config import UnitConfig
from appliance.errors import JournalRefused, OperatorError

from .announcer import Announcer
from .capture import Capture
from .codes import Codes
from .driver import Driver
from .house import House
from .languages import Languages
from .models import panel as panel_model
from .models import quiet, visitor
from .models.moves import moved
from .models.panel import Panel
from .my_place import MyPlace
from .part import Part
from .seats import Seats
from .staff import Staff
from .staff.attendance import Attendance
from .visitors import Visitors
from .voice import Voice
from .workshops import Workshops

log = logging.getLogger("screen")

PUBLISHED_EACH = 4.0
"""Seconds: others take a word of more than ten for that of a dead process."""
LONGEST = 60.0
"""Seconds a page may be read: a loudspeaker that never tells its end keeps no person's page."""


class Desk:
    """Told of touches and of time passing; `panel` is what to show."""

    def __init__(
        self,
        config: UnitConfig,
        *,
        clock: BootClock,
        now: Callable[[], float] = time.monotonic,
        voice: Voice | None = None,
    ) -> None:
        """Opens the journal. Raises OperatorError when it cannot be had."""
        self.now, self.panel = now, Panel()
        self.on_change: Callable[[], None] = lambda: None
        """Called when the panel shows something else."""
        self.house = house = House(config, clock=clock, now=now, voice=voice)
        self.visitors, self.driver, self.staff = Visitors(house), Driver(house), Staff(house)
        self.languages, self.announcer = Languages(house), Announcer(house)
        self.capture = Capture(house, self.staff.vault, self.staff.sealer)
        self.seats = Seats(house)
        self.workshops = Workshops(house, self.seats, self.capture, self.staff.sealer)
        self.my_place = MyPlace(house, self.seats, Codes(house.journal))
        self.attendance = Attendance(house, self.seats, self.staff.roster, self.staff.author)
        self.parts: tuple[Part, ...] = (
            *(self.attendance, self.languages, self.my_place, self.visitors),
            *(self.workshops, self.driver, self.staff, self.announcer, self.seats),
        )
        """Asked in this order; the first that answers has done it."""
        self.drawn = 0
        """Frames that were put on the screen: what a new system proves itself by."""
        self._touched = self._stepped = now()
        self._listened = 0.0
        self._published = float("-inf")
        for part in self.parts:
            part.step(now(), self.panel)

    def begin(self) -> None:
        """The unit was switched on: one that was never set up begins with that."""
        if self.staff.board.is_new:
            self._show(Panel(screen="new_unit"))

    def touch(self, touch: str, value: str = "") -> None:
        """A button was touched: keep what comes of it, then show it."""
        self.present()
        try:
            self.house.learn_time()
            after = self._after(touch, value)
        except OperatorError as error:
            log.warning("%s was not kept: %s", touch, error)
            after = visitor.refused(self.panel, touch)
        self._show(after)

    def type(self, key: str) -> None:
        """A key of a visitor's pad."""
        self.present()
        self.workshops.press(self.panel, key)
        self.my_place.press(self.panel, key)

    def press(self, key: str) -> None:
        """A key of the staff's pad."""
        self.present()
        self.staff.press(key)
        if self.staff.due:
            self.on_change()

    def work(self) -> None:
        """What takes a moment, if something does, now that the screen says so."""
        if not self.staff.due:
            return
        self.house.learn_time()
        after = self.staff.work(self.panel)
        self.present()
        if after == self.panel:
            self.on_change()
        self._show(after)

    def present(self) -> None:
        """Somebody is at the panel."""
        self._touched, self._listened = self.now(), 0.0

    @property
    def quiet(self) -> float:
        """Seconds since somebody was there."""
        return self.now() - self._touched

    def step(self) -> None:
        """Time passes: forget who went away, follow the vehicle, say that we are alive."""
        now = self.now()
        self._listen(now)
        self.house.look_round()
        moving = bool(self.house.vehicle and self.house.vehicle.get("moving"))
        panel = panel_model.while_moving(self.panel, moving)
        self._show(quiet.after_quiet(panel, now - self._touched))
        for part in self.parts:
            self._show(part.step(now, self.panel))
        if now - self._published >= PUBLISHED_EACH:
            self._publish()
        self._keep_house(now)

    def time_left(self) -> float:
        """From 1 to 0, for the screens with a bar."""
        return quiet.time_left(self.panel, self.quiet)

    def close(self) -> None:
        """Nobody is at the panel any more. May be called twice."""
        self.visitors.help_since = None
        self._publish()
        self.house.journal.close()

    def _listen(self, now: float) -> None:
        """Quiet begins when the voice has finished: who listens has not gone away."""
        passed, self._stepped = now - self._stepped, now
        if self.house.voice.speaking and self._listened < LONGEST:
            self._listened += passed
            self._touched = min(now, self._touched + passed)

    def _after(self, touch: str, value: str) -> Panel:
        for part in self.parts:
            after = part.touched(self.panel, touch, value)
            if after is not None:
                return after
        return moved(self.panel, touch)

    def _show(self, panel: Panel) -> None:
        if panel == self.panel:
            return
        if panel.screen != self.panel.screen:
            for part in self.parts:
                part.follow(panel)
        self.panel = panel
        self._publish()
        self.on_change()

    def _publish(self) -> None:
        self._published = self.now()
        word = {
            "help": self.visitors.help_since,
            "at": self.panel.screen,
            "quiet": round(self.quiet, 1),
            "drawn": self.drawn,
            "faults": self.staff.faults,
            "day_key": self.staff.vault.day_key,
        }
        runtime.publish(self.house.run, "screen", word)

    def _keep_house(self, now: float) -> None:
        try:
            self.house.journal.housekeep(now)
        except JournalRefused as refused:
            log.warning("the journal was not purged: %s", refused)
