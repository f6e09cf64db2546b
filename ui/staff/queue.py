"""Who waits: called by number, received, gone away, checked in by staff. Keeps no language.

In what language somebody is called is remembered by number, in the folder of the moment alone.
"""

from protocol import codes
from protocol.event import Event, Key
from protocol.visits import CheckedIn, Left, Received

from .. import memory
from ..house import House
from ..models.panel import Panel, changed
from ..models.today import Visit
from ..part import Part
from .day import Day
from .moment import Moment

LOOKED_EACH = 60.0
"""Seconds between two looks whether somebody's language is still needed."""
HELP_TOLD = 15
"""Minutes for which a call for help is told."""
OVER: dict[str, type[Received | Left]] = {"received": Received, "left": Left}
"""Touches by which somebody waits no more."""


class Queue(Part):
    """Told of every number that is given, whoever gives it."""

    def __init__(self, house: House, day: Day, moment: Moment) -> None:
        self._house, self._day, self._moment = house, day, moment
        self.called: Visit | None = None
        """Who is called just now."""
        self.given = 0
        """The number that staff have just taken for somebody; 0: none."""
        self._looked, self._is_seen = house.now(), False

    def waiting(self) -> tuple[Visit, ...]:
        """In the order they came."""
        return self._day.today().waiting(self._house.trial)

    def language(self, visit: Visit) -> str:
        """To call somebody in; empty: French."""
        return self._moment.languages.get(visit.number, "")

    def help_minutes(self) -> int | None:
        """How long ago help was asked for; None: not lately, or it was given."""
        asked = self._day.today().help_at
        if asked is None or asked <= self._house.helped:
            return None
        minutes = (self._house.clock.boottime() - asked) // 60_000
        return minutes if minutes < HELP_TOLD else None

    def touched(self, panel: Panel, touch: str, value: str) -> Panel | None:
        match panel.screen, touch:
            case "queue", "call":
                return self._calls(panel, value)
            case "call", "again":
                self._speak()
                return panel
            case "call", ("received" | "left"):
                return self._ends(panel, OVER[touch])
            case "check_in", "chose":
                return self._checks_in(panel, value)
        return None

    def follow(self, panel: Panel) -> None:
        if panel.visit:
            self._speaks(panel.visit.number, panel.language)
        if self._is_seen and panel.screen != "queue":
            # Staff have read it there.
            self._house.helped = self._house.clock.boottime()
        self._is_seen = panel.screen == "queue"
        if panel.screen != "call" and self.called is not None:
            self.called = None
            self._house.voice.stop()
        if panel.screen != "queue":
            self.given = 0

    def step(self, now: float, panel: Panel) -> Panel:
        """A day that nobody closed ends, too."""
        if self._moment.languages and now - self._looked >= LOOKED_EACH:
            self._looked = now
            self.forget()
        return panel

    def forget(self) -> None:
        """Languages of those who wait no more; at the end of the day nobody does."""
        today = self._day.today()
        both = (*today.waiting(trial=False), *today.waiting(trial=True))
        waiting = {visit.number for visit in both}
        for number in self._moment.languages.keys() - waiting:
            del self._moment.languages[number]
        self._moment.keep(self._house.run)

    def _calls(self, panel: Panel, number: str) -> Panel:
        self.called = next((one for one in self.waiting() if str(one.number) == number), None)
        if self.called is None:
            return panel
        self._speak()
        return changed(panel, screen="call", refused=False)

    def _speak(self) -> None:
        if self.called is not None:
            self._house.voice.call(self.called.number, self.language(self.called))

    def _ends(self, panel: Panel, over: type[Event]) -> Panel:
        if self.called is not None:
            self._house.keep(over(visit=self.called.key))
            self.forget()
        return changed(panel, screen="queue", refused=False)

    def _checks_in(self, panel: Panel, door: str) -> Panel:
        house, journal = self._house, self._house.journal
        number = memory.next_number(journal.path, house.stamp(), journal.anchor, house.zone)
        stop: Key | None = memory.open_stop(house.data / "vehicle.db", house.vehicle)
        theme = codes.theme_of_door(door)
        house.keep(CheckedIn(number=number, door=door, theme=theme, by_staff=True, stop=stop))
        self._speaks(number, "")
        self.given = number
        return changed(panel, screen="queue", refused=False)

    def _speaks(self, number: int, language: str) -> None:
        if self._moment.speaks(number, language):
            self._moment.keep(self._house.run)
