"""Writes what is told, with what must be remembered, in one transaction. Loses nothing to a full
disk: what is refused stays here, in order, and is tried again."""

import logging
from collections.abc import Callable

from protocol.event import Event, Key

from ..clock import stamp
from ..errors import JournalRefused
from ..journal import Journal
from .book import Stop
from .memory import Memory, remember
from .store import VehicleStore
from .tellings import Telling, finished

RETRY = 5.0
"""Seconds."""
MOST = 1000
"""Things untold at the most: weeks of stops; the oldest give way, and are counted."""

_log = logging.getLogger("vehicle")


class Scribe:
    """Gives the disk what the vehicle has to write, and a rest when it refuses."""

    def __init__(self, journal: Journal, store: VehicleStore, memory: Memory) -> None:
        self.refused = 0
        """Writes the disk refused since the start."""
        self.dropped = 0
        """Things that were never written, for there were too many of them, since the start."""
        self.trouble = ""
        """Why nothing can be written just now, in one sentence."""
        self._journal, self._store, self._memory = journal, store, memory
        self._untold: list[Telling | Event] = []
        self._stale = True
        self._rests_until = float("-inf")

    def tell(self, word: Telling | Event) -> None:
        """To be written at the next `write`."""
        self._untold.append(word)
        self.dropped += len(self._untold[:-MOST])
        del self._untold[:-MOST]

    def touch(self) -> None:
        """The memory changed: it is written at the next `write`."""
        self._stale = True

    @property
    def behind(self) -> bool:
        """Whether something is still to be written."""
        return bool(self._untold) or self._stale

    def write(self) -> None:
        """Writes all that is told, and the memory, or nothing. Raises JournalRefused."""
        born: list[Stop] = []
        try:
            with self._journal.atomic():
                for word in self._untold:
                    self._append(word, born)
                remember(self._store, self._memory)
        except JournalRefused:
            for stop in born:
                stop.key = None
            raise
        self._untold.clear()
        self._stale, self.trouble = False, ""

    def attempt(self, now: float, write: Callable[[], None]) -> None:
        """Lets something write, unless the disk rests (`now`: monotonic); a refusal is counted."""
        if now < self._rests_until:
            return
        try:
            write()
        except JournalRefused as error:
            if not self.trouble:
                _log.warning("%s", error)
            self.refused += 1
            self.trouble, self._rests_until = str(error), now + RETRY
            self._stale = True  # the write that will show that the disk works again

    def _append(self, word: Telling | Event, born: list[Stop]) -> None:
        if isinstance(word, Event):
            self._journal.append(word)
            return
        now = stamp(self._journal.clock, self._journal.anchor)
        seq = self._journal.append(finished(word, now))
        if word.stop.key is None:
            word.stop.key = Key(self._journal.epoch, seq)
            born.append(word.stop)
