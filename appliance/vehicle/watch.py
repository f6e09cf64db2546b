"""What happens to the vehicle while it is on duty: fixes and words in, things to tell out.

Knows no port, no file and no clock; off duty it looks at nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from protocol import stops as stop_words
from protocol.documents import PlannedStop
from protocol.duty import Ended
from protocol.event import Event, Key

from ..clock import Stamp
from ..gps.fix import Fix
from ..journal import Entry
from ..stops.facts import Arrived, Corrected, Fact
from ..stops.logbook import Logbook
from ..stops.profiles import PROFILES
from . import corrections, duty, shifts, tellings, tours
from .book import Book, Place
from .memory import Memory
from .moments import earlier, elapsed
from .report import MOVING
from .tellings import Telling

FRESH = 5_000
"""Milliseconds a speed tells whether the vehicle moves."""
SHOWN_AFTER = 60.0
"""Seconds of standing after which it is shown as what may become a stop."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Watch:
    """Holds the memory, changes it, and tells what is new."""

    def __init__(
        self,
        profile: str,
        memory: Memory,
        tell: Callable[[Telling | Event], None],
        stamp_at: Callable[[int], Stamp],
    ) -> None:
        """`stamp_at`: a boottime (ms) of this boot as a stamp."""
        self.memory, self.plan = memory, tours.NO_PLAN
        self._profile = PROFILES[profile]
        self._stops = _restored(profile, memory.stops)
        self._tell, self._stamp_at = tell, stamp_at
        self._speed, self._heard = 0.0, -FRESH

    @property
    def on_duty(self) -> bool:
        return self.memory.duty == "on"

    def state(self) -> Any:
        """What `memory.stops` must be when it is written."""
        return self._stops.state()

    def moving(self, boottime: int) -> bool:
        """Whether it drives just now, as far as the GPS tells."""
        return self._speed > MOVING and boottime - self._heard <= FRESH

    def provisional(self) -> dict[str, Any] | None:
        """Where it seems to stand, and the boottime since when; None: nowhere, or not for long."""
        here = self._stops.provisional() if self.on_duty else None
        axis = self.memory.axis
        if here is None or here.left is not None or axis.seconds - here.since < SHOWN_AFTER:
            return None
        place = self._place(here.lat, here.lon)
        return {
            "arrived": axis.boottime_of(here.since),
            "lat": here.lat,
            "lon": here.lon,
            "name": place.planned.name if place and place.planned else "",
        }

    def hear(self, fix: Fix, boottime: int) -> None:
        """A fix heard at that boottime (ms)."""
        if fix.speed is not None:
            self._speed, self._heard = fix.speed, boottime
        if not self.on_duty or fix.lat is None or fix.lon is None:
            return
        memory = self.memory
        told = None if fix.time is None else (fix.time - _EPOCH).total_seconds()
        rebooted = memory.axis.boot_id not in ("", memory.boot_id)
        memory.axis = memory.axis.moved(told, memory.boot_id, boottime)
        at = memory.axis.seconds
        self._note(
            self._stops.fix(at, fix.lat, fix.lon, fix.speed, fix.hdop, rebooted=rebooted), None
        )

    def listen(self, entry: Entry, now: Stamp) -> None:
        """One of the driver's words, heard now."""
        event, said = entry.event, self._said(entry, now)
        self.memory.last_word = said
        if entry.type in duty.AFTER:
            self._turn(duty.AFTER[entry.type], said, now, entry.key)
        elif not self.on_duty:
            return
        elif isinstance(event, stop_words.Arrived):
            self._arrive(event, self._seconds(said, now), entry.key)
        elif isinstance(event, stop_words.Departed):
            self._note(self._stops.driver_departed(self._seconds(said, now)), entry.key)
        elif isinstance(event, stop_words.Corrected):
            self._correct(event, said, now)

    def end_if_forgotten(self, now: Stamp) -> None:
        """Ends a service that nobody ended."""
        shift = shifts.running(self.memory, self.plan, now)
        reason = None if shift is None else duty.forgotten(shift)
        if reason is not None:
            self._turn("off", now, now, None)
            self._tell(Ended(reason=reason))

    def _arrive(self, word: stop_words.Arrived, at: float, key: Key) -> None:
        book, chosen = self.memory.book, self.plan.find(word.planned)
        if chosen is not None:
            self._go_out(chosen)
        facts = self._stops.driver_arrived(at)
        self._note(facts, key, chosen=chosen)
        if not facts and book.open is not None:
            # Said twice: the second word is of the same stop, and may tell which one it is.
            for telling in tellings.confirmed(book, book.open, None, None, key, chosen):
                self._tell(telling)

    def _correct(self, word: stop_words.Corrected, said: Stamp, now: Stamp) -> None:
        book = self.memory.book
        change = corrections.apply(book, word, said)
        if change == "dropped":
            self._stops.dismiss()
        elif change == "left":
            left = earlier(said, word.departed_ago or 0)
            self._stops.driver_departed(self._seconds(left, now))
        stop = book.standing
        if stop is None or book.open is None:
            return
        if change == "amended":
            self._stops.amend(self._seconds(stop.arrived, now))
        elif change == "resumed":
            place = (stop.place.lat, stop.place.lon) if stop.place else (None, None)
            self._stops.resume(book.open, self._seconds(stop.arrived, now), *place)

    def _turn(self, state: duty.State, said: Stamp, now: Stamp, word: Key | None) -> None:
        memory = self.memory
        if state == memory.duty:
            return
        if memory.duty == "on":
            facts = self._stops.pause(self._seconds(said, now))
            self._note(facts, word, paused=state == "paused")
        if "off" in (state, memory.duty):
            memory.been_out, memory.book = False, Book()
        if state == "on":
            memory.since = said
        memory.duty = state

    def _note(
        self,
        facts: list[Fact],
        word: Key | None,
        *,
        paused: bool = False,
        chosen: PlannedStop | None = None,
    ) -> None:
        book = self.memory.book
        for fact in facts:
            if isinstance(fact, Arrived):
                place = self._place(fact.lat, fact.lon, uncertain=fact.uncertain)
                if place is not None and chosen is None:
                    self._go_out(place.planned)
                first = word if fact.source == "driver" else None
                told = tellings.arrived(book, fact.stop, self._when(fact.at), place, first, chosen)
            elif isinstance(fact, Corrected):
                at = None if fact.arrived is None else self._when(fact.arrived)
                place = self._place(fact.lat, fact.lon)
                told = tellings.confirmed(book, fact.stop, at, place, word, chosen)
            else:
                at = self._when(fact.at)
                told = tellings.departed(book, fact.stop, at, word, paused=paused)
            for telling in told:
                self._tell(telling)

    def _place(
        self, lat: float | None, lon: float | None, *, uncertain: bool = False
    ) -> Place | None:
        if lat is None or lon is None:
            return None
        utc = self._stamp_at(self.memory.axis.boottime).utc
        planned = tours.nearest(self.plan.stops(utc), lat, lon)
        return Place(lat=lat, lon=lon, planned=planned, uncertain=uncertain)

    def _go_out(self, planned: PlannedStop | None) -> None:
        if not self.plan.is_depot(planned):
            self.memory.been_out = True

    def _when(self, seconds: float) -> Stamp:
        return self._stamp_at(self.memory.axis.boottime_of(seconds))

    def _seconds(self, said: Stamp, now: Stamp) -> float:
        """The point of the line at which something was said."""
        memory = self.memory
        memory.axis = memory.axis.moved(None, now.boot_id, now.boottime)
        return memory.axis.seconds - (elapsed(said, now) or 0) / 1000

    def _said(self, entry: Entry, now: Stamp) -> Stamp:
        ago = getattr(entry.event, "ago", 0)
        if entry.boot_id == now.boot_id:
            return self._stamp_at(entry.boottime - ago)
        utc = None if entry.utc is None else entry.utc - ago
        return Stamp(entry.boot_id, entry.boottime - ago, utc, "none" if utc is None else "gps", 0)


def _restored(profile: str, state: Any) -> Logbook:
    """The logbook that had this state; a fresh one when that is of another version."""
    try:
        return Logbook.restored(PROFILES[profile], state)
    except (KeyError, TypeError, ValueError, IndexError):
        return Logbook(PROFILES[profile])
