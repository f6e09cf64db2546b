"""The desk behind the screen: keeps each event before its answer is shown. Knows no Kivy.

It owns the screen's journal, and works with every other process of the unit dead.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from appliance import runtime
from appliance.clock import BootClock, Stamp, known_anchor, stamp
from appliance.config import UnitConfig
from appliance.errors import JournalRefused, OperatorError
from appliance.journal import Journal
from protocol import stops
from protocol.event import Event

from . import memory
from .capture import Capture, SignUp
from .models import driving as driver_model
from .models import panel as panel_model
from .models import quiet, sign_up
from .models.driving import Driving, Duty, Told
from .models.panel import Facts, Panel
from .models.staff import Safety
from .staff import Staff
from .workshops import Workshops

log = logging.getLogger("screen")

PUBLISHED_EACH = 4.0
"""Seconds: others take a word of more than ten for that of a dead process."""


class Desk:
    """Told of touches and of time passing; `panel` is what to show."""

    def __init__(
        self, config: UnitConfig, *, clock: BootClock, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Opens the journal. Raises OperatorError when it cannot be had."""
        self.now, self.panel = now, Panel()
        self.on_change: Callable[[], None] = lambda: None
        """Called when the panel shows something else."""
        self._clock, self._zone = clock, config.unit.zone
        self._run, self._vehicle_journal = config.paths.run, config.paths.data / "vehicle.db"
        self._journal = Journal.open(config.paths.data / "screen.db", name="screen", clock=clock)
        self._learn_time()
        self.staff = Staff(config, self._journal)
        self._capture = Capture(self._journal, self.staff.vault, self.staff.sealer)
        self.workshops = Workshops(config, self._capture)
        self._duty: Duty = memory.last_duty(self._journal.path)
        self._standing = memory.said_arrived(self._journal.path)
        self._touched = now()
        self._told = float("-inf")
        self._published = float("-inf")
        self._help_since: int | None = None
        self._vehicle = runtime.read(self._run, "vehicle")
        self.staff.step(now())

    def touch(self, touch: str, value: str = "") -> None:
        """A button was touched: keep what comes of it, then show it."""
        self.present()
        try:
            self._learn_time()
            after = self._after(touch, value)
        except OperatorError as error:
            log.warning("%s was not kept: %s", touch, error)
            after = panel_model.refused(self.panel, touch)
        self._show(after)

    def choose_duty(self, wanted: Duty) -> None:
        """The driver touched *En service*, *Pause* or *Service terminé*."""
        word = driver_model.duty_touch(self.driving().duty, wanted)
        if word:
            self.touch("duty", word)

    def sign_up(
        self, workshop: str, people: int, waiting: int, first_name: str, phone: str
    ) -> SignUp:
        """Somebody takes seats: kept before it returns (capture.py)."""
        self._learn_time()
        return self._capture.sign_up(workshop, people, waiting, first_name, phone)

    def type(self, key: str) -> None:
        """A key of a visitor's pad."""
        self.present()
        self.workshops.press(self.panel, key)

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
        self._learn_time()
        after = self.staff.work(self.panel)
        self.present()
        if after == self.panel:
            self.on_change()
        self._show(after)

    def close_day(self) -> None:
        """Staff end the day: its last word is kept, today's names are gone."""
        try:
            self._learn_time()
            now, anchor = self._stamp(), self._journal.anchor
            self.staff.vault.end_day(memory.day_over(self._journal.path, now, anchor, self._zone))
            self._show(Panel())
        except OperatorError as error:
            log.warning("the day was not closed: %s", error)
            self._show(panel_model.refused(self.panel, "close"))

    def safety(self) -> Safety:
        """How well names are kept just now."""
        return self.staff.safety(self._stamp())

    def present(self) -> None:
        """Somebody is at the panel."""
        self._touched = self.now()

    def step(self) -> None:
        """Time passes: forget who went away, follow the vehicle, say that we are alive."""
        now = self.now()
        self._vehicle = runtime.read(self._run, "vehicle")
        moving = bool(self._vehicle and self._vehicle.get("moving"))
        panel = panel_model.while_moving(self.panel, moving)
        self._show(quiet.after_quiet(panel, now - self._touched))
        if self.staff.step(now):
            self._learn_time()
            if not self.staff.vault.is_open:
                self._show(panel_model.put_out(self.panel))
        if now - self._published >= PUBLISHED_EACH:
            self._publish()
        self._keep_house(now)

    def time_left(self) -> float:
        """From 1 to 0, for the screens with a bar."""
        return quiet.time_left(self.panel, self.now() - self._touched)

    def driving(self) -> Driving:
        """What the driver's page says."""
        told = Told(duty=self._duty, standing=self._standing, age=self.now() - self._told)
        return driver_model.driving(self._vehicle, told, self._clock.boottime())

    def noted(self) -> bool:
        """Whether a word of the driver was kept in the last seconds."""
        return self.now() - self._told < driver_model.SETTLES

    def local_time(self) -> datetime | None:
        """The time on the vehicle's clock, when it is known."""
        utc = self._stamp().utc
        return None if utc is None else datetime.fromtimestamp(utc / 1000, ZoneInfo(self._zone))

    def close(self) -> None:
        """Nobody is at the panel any more. May be called twice."""
        self._help_since = None
        self._publish()
        self._journal.close()

    def _after(self, touch: str, value: str) -> Panel:
        if (self.panel.screen, touch) in sign_up.TOUCHES:
            self.workshops.look(self._stamp().utc)
            seals = not self.staff.sealer.trouble
            return self.workshops.touched(self.panel, touch, value, seals=seals)
        facts = self._facts() if touch == "yes" else panel_model.NO_FACTS
        after, event = panel_model.touched(self.panel, touch, value, facts)
        self._keep(event)
        if after.screen == "workshops":
            self.workshops.look(self._stamp().utc)
        return after

    def _facts(self) -> Facts:
        journal = self._journal
        number = memory.next_number(journal.path, self._stamp(), journal.anchor, self._zone)
        return Facts(number, memory.open_stop(self._vehicle_journal))

    def _keep(self, event: Event | None) -> None:
        if event is None:
            return
        self._journal.append(event)
        if event.TYPE in driver_model.DUTY_OF:
            self._duty, self._told = driver_model.DUTY_OF[event.TYPE], self.now()
        elif isinstance(event, stops.Arrived | stops.Departed):
            self._standing, self._told = isinstance(event, stops.Arrived), self.now()

    def _show(self, panel: Panel) -> None:
        if panel == self.panel:
            return
        if (panel.screen == "help") != (self.panel.screen == "help"):
            self._help_since = self._clock.boottime() if panel.screen == "help" else None
        if panel.screen != self.panel.screen:
            self.staff.follow(panel.screen)
            self.workshops.follow(panel)
        self.panel = panel
        self._publish()
        self.on_change()

    def _publish(self) -> None:
        self._published = self.now()
        word = {
            "help": self._help_since,
            "at": self.panel.screen,
            "faults": self.staff.faults,
            "day_key": self.staff.vault.day_key,
        }
        runtime.publish(self._run, "screen", word)

    def _stamp(self) -> Stamp:
        return stamp(self._clock, self._journal.anchor)

    def _learn_time(self) -> None:
        self._journal.anchor = known_anchor(self._vehicle_journal, self._clock)

    def _keep_house(self, now: float) -> None:
        try:
            self._journal.housekeep(now)
        except JournalRefused as refused:
            log.warning("the journal was not purged: %s", refused)
