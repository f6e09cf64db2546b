"""The desk behind the screen: keeps each event before its answer is shown. Knows no Kivy.

It owns the screen's journal, and works with every other process of the unit dead.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from appliance import runtime
from appliance.clock import BootClock, known_anchor
from appliance.config import UnitConfig
from appliance.errors import JournalRefused
from appliance.journal import Journal
from protocol import stops, visits
from protocol.event import Event

from . import memory
from .models import driving as driver_model
from .models import numbers
from .models import panel as panel_model
from .models.driving import Driving, Duty, Told
from .models.panel import Facts, Panel

log = logging.getLogger("screen")

PUBLISHED_EACH = 4.0
"""Seconds: others take a word of more than ten for that of a dead process."""
KEPT_TOUCHES = ("yes", "help", "duty", "stop")


class Desk:
    """Told of touches and of time passing; `panel` is what to show."""

    def __init__(
        self, config: UnitConfig, *, clock: BootClock, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Opens the journal. Raises OperatorError when it cannot be had."""
        self.now, self.panel = now, Panel()
        self.on_change: Callable[[], None] = lambda: None
        """Called when the panel shows something else."""
        self._clock, self._zone = clock, ZoneInfo(config.unit.zone)
        self._run, self._vehicle_journal = config.paths.run, config.paths.data / "vehicle.db"
        self._journal = Journal.open(config.paths.data / "screen.db", name="screen", clock=clock)
        self._learn_time()
        self._number = memory.last_number(self._journal.path, self._journal.anchor, self._zone)
        self._duty: Duty = memory.last_duty(self._journal.path)
        self._standing = memory.said_arrived(self._journal.path)
        self._touched = now()
        self._told = float("-inf")
        self._published = float("-inf")
        self._help_since: int | None = None
        self._vehicle = runtime.read(self._run, "vehicle")

    def touch(self, touch: str, value: str = "") -> None:
        """A button was touched: keep what comes of it, then show it."""
        self.present()
        facts = self._facts() if touch in KEPT_TOUCHES else panel_model.NO_FACTS
        after, event = panel_model.touched(self.panel, touch, value, facts)
        if event is not None and not self._keep(event):
            after = panel_model.refused(self.panel, event)
        self._show(after)

    def choose_duty(self, wanted: Duty) -> None:
        """The driver touched *En service*, *Pause* or *Service terminé*."""
        word = driver_model.duty_touch(self.driving().duty, wanted)
        if word:
            self.touch("duty", word)

    def present(self) -> None:
        """Somebody is at the panel."""
        self._touched = self.now()

    def step(self) -> None:
        """Time passes: forget who went away, follow the vehicle, say that we are alive."""
        now = self.now()
        self._vehicle = runtime.read(self._run, "vehicle")
        moving = bool(self._vehicle and self._vehicle.get("moving"))
        panel = panel_model.while_moving(self.panel, moving)
        self._show(panel_model.after_quiet(panel, now - self._touched))
        if now - self._published >= PUBLISHED_EACH:
            self._publish()
        self._keep_house(now)

    def time_left(self) -> float:
        """From 1 to 0, for the screens with a bar."""
        return panel_model.time_left(self.panel, self.now() - self._touched)

    def driving(self) -> Driving:
        """What the driver's page says."""
        told = Told(duty=self._duty, standing=self._standing, age=self.now() - self._told)
        return driver_model.driving(self._vehicle, told, self._clock.boottime())

    def noted(self) -> bool:
        """Whether a word of the driver was kept in the last seconds."""
        return self.now() - self._told < driver_model.SETTLES

    def local_time(self) -> datetime | None:
        """The time on the vehicle's clock, when it is known."""
        return memory.local_time(self._clock, self._journal.anchor, self._zone)

    def close(self) -> None:
        """Nobody is at the panel any more. May be called twice."""
        self._help_since = None
        self._publish()
        self._journal.close()

    def _facts(self) -> Facts:
        self._learn_time()
        today = memory.today(self._clock, self._journal.anchor, self._zone)
        number = numbers.next_number(self._number, today)
        return Facts(number, memory.open_stop(self._vehicle_journal))

    def _keep(self, event: Event) -> bool:
        try:
            self._journal.append(event)
        except JournalRefused as refused:
            log.warning("%s was not kept: %s", event.TYPE, refused)
            return False
        self._remember(event)
        return True

    def _remember(self, event: Event) -> None:
        if isinstance(event, visits.CheckedIn):
            today = memory.today(self._clock, self._journal.anchor, self._zone)
            self._number = numbers.LastNumber(event.number, today or self._number.day)
        elif event.TYPE in driver_model.DUTY_OF:
            self._duty, self._told = driver_model.DUTY_OF[event.TYPE], self.now()
        elif isinstance(event, stops.Arrived | stops.Departed):
            self._standing, self._told = isinstance(event, stops.Arrived), self.now()

    def _show(self, panel: Panel) -> None:
        if panel == self.panel:
            return
        was_helping, helping = self.panel.screen == "help", panel.screen == "help"
        self.panel = panel
        if was_helping != helping:
            self._help_since = self._clock.boottime() if helping else None
            self._publish()
        self.on_change()

    def _publish(self) -> None:
        self._published = self.now()
        word = {"help": self._help_since, "at": self.panel.screen}
        runtime.publish(self._run, "screen", word)

    def _learn_time(self) -> None:
        self._journal.anchor = known_anchor(self._vehicle_journal, self._clock)

    def _keep_house(self, now: float) -> None:
        try:
            self._journal.housekeep(now)
        except JournalRefused as refused:
            log.warning("the journal was not purged: %s", refused)
