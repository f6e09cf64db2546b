"""What every part of the desk stands on: the journal, the time, the folders. Decides nothing."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from appliance import runtime
from appliance.clock import BootClock, Stamp, known_anchor, stamp
from appliance.config import UnitConfig
from appliance.journal import Journal
from protocol import visits, workshops
from protocol.event import Event, Key
from protocol.incidents import HelpRequested

from .backlight import Backlight
from .settings import OnBoard, Settings
from .voice import Voice

_Event = TypeVar("_Event", bound=Event)

REHEARSED = (
    *(visits.CheckedIn, visits.Received, visits.Left, visits.Described, visits.Cancelled),
    *(visits.Tally, workshops.SignedUp, workshops.Cancelled, workshops.Changed),
    *(workshops.Called, workshops.Attended, HelpRequested),
)
"""What staff play through in trial mode; the driver's words, and the unit's, are meant."""


class House:
    """One per screen; the parts of the desk share it."""

    def __init__(
        self,
        config: UnitConfig,
        *,
        clock: BootClock,
        now: Callable[[], float],
        voice: Voice | None = None,
    ) -> None:
        """Opens the journal. Raises OperatorError when it cannot be had.

        `now`: monotonic seconds; `voice`: None says nothing.
        """
        self.voice, self.backlight = voice or Voice(), Backlight()
        self.config, self.clock, self.now = config, clock, now
        self.data, self.run, self.zone = config.paths.data, config.paths.run, config.unit.zone
        self.journal = Journal.open(self.data / "screen.db", name="screen", clock=clock)
        self._on_board = Settings(self.journal)
        self._tune()
        self.trial = False
        """Trial mode: what staff and visitors do is marked, and never counted."""
        self.helped = -1
        """Boot time (ms) up to which every call for help was answered."""
        self.vehicle: dict[str, Any] | None = None
        """The vehicle's latest word; None: it is not there."""
        self.learn_time()
        self.look_round()

    @property
    def settings(self) -> OnBoard:
        """What staff set on board, as it is now."""
        return self._on_board.values

    def set(self, **values: object) -> None:
        """Staff set that (ui/settings.py). Raises JournalRefused, and nothing has changed."""
        self._on_board.change(**values)
        self._tune()

    def shine(self, share: float = 1.0) -> bool:
        """So much of the light that staff set. False: the panel has none that can be set."""
        self.backlight.show(self.settings.brightness / 10 * share)
        return self.backlight.available

    def _tune(self) -> None:
        self.voice.volume = self.settings.volume / 10
        self.shine()

    @property
    def uplink(self) -> Any:
        """The file with the federation's documents."""
        return self.data / "uplink.db"

    def keep(self, event: Event) -> Key:
        """On the card when it returns. Raises JournalRefused, and then nothing was kept."""
        seq = self.journal.append(self.marked(event))
        return Key(self.journal.epoch, seq)

    def marked(self, event: _Event) -> _Event:
        """The event as it is kept just now: one rehearsed in trial mode says so."""
        rehearsed = self.trial and isinstance(event, REHEARSED)
        return msgspec.structs.replace(event, trial=True) if rehearsed else event

    def says(self, process: str) -> dict[str, Any] | None:
        """The latest word of another process; None: it is not there."""
        return runtime.read(self.run, process)

    @property
    def first_boot(self) -> dict[str, Any] | None:
        """What the card said of itself when it was switched on; None: this is no card."""
        return runtime.read(self.run, "first-boot", max_age=math.inf)

    def look_round(self) -> None:
        """Hear the vehicle again."""
        self.vehicle = self.says("vehicle")

    def learn_time(self) -> None:
        """Date new rows by what the vehicle knows of the time."""
        self.journal.anchor = known_anchor(self.data / "vehicle.db", self.clock)

    def stamp(self) -> Stamp:
        """Now."""
        return stamp(self.clock, self.journal.anchor)

    def local_time(self) -> datetime | None:
        """The time on the vehicle's clock, when it is known."""
        utc = self.stamp().utc
        return None if utc is None else datetime.fromtimestamp(utc / 1000, ZoneInfo(self.zone))
