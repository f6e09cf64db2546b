"""Which serial port to listen to, at which speed, and when to give up on it.

Pure: told what is plugged in and what was heard, at which second; opens nothing, reads no clock.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

SPEEDS = (9600, 38400, 115200, 4800, 57600, 19200)
"""Bauds, the commonest first."""
LISTEN = 2.5
"""Seconds given to a speed before it is held to be wrong."""
PROOF = 2
"""Sentences with a good checksum that prove a speed right."""
SILENCE = 10.0
"""Seconds without a good sentence after which the port is opened again."""
LOST = 60.0
"""Seconds without a good sentence after which the other ports are tried."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 5.0
"""Seconds between two rounds over all ports."""

Verdict = Literal["stay", "turn", "reopen", "leave"]


class Line(NamedTuple):
    """A port and the speed on it."""

    path: str
    speed: int


class Hunt:
    """The search for a receiver, and the watch over the one that was found."""

    def __init__(self, remembered: Line | None = None) -> None:
        self.good = remembered
        """The last line that proved right: worth keeping over a restart."""
        self.proven = False
        self._plan: list[Line] = []
        self._present: tuple[str, ...] = ()
        self._opened = 0.0
        self._heard = 0
        self._last_good = 0.0
        self._resume = 0.0
        self._pause = SHORTEST_PAUSE

    def look(self, present: Sequence[str]) -> bool:
        """Take note of the ports there are; True when a new one is to be tried at once."""
        fresh = [path for path in present if path not in self._present]
        self._present = tuple(present)
        if not fresh or self.proven:
            return False
        self._plan = self._round(first=fresh)
        self._resume, self._pause = 0.0, SHORTEST_PAUSE
        return True

    def next(self, now: float) -> Line | None:
        """The line to open now; None: none, or wait."""
        if now < self._resume:
            return None
        if not self._plan:
            self._plan = self._round()
        line = self._plan.pop(0) if self._plan else None
        if not self._plan:
            self._resume = now + self._pause
            self._pause = min(self._pause * 1.5, LONGEST_PAUSE)
        return line

    def opened(self, now: float) -> None:
        """The line is open from now on."""
        self._opened, self._heard = now, 0

    def heard(self, line: Line, sentences: int, now: float) -> None:
        """That many good sentences came on the line just now."""
        if not sentences:
            return
        self._heard += sentences
        self._last_good = now
        if self._heard >= PROOF and not self.proven:
            self.proven, self.good = True, line
            self._plan, self._resume, self._pause = [], 0.0, SHORTEST_PAUSE

    def verdict(self, now: float) -> Verdict:
        """What to do with the open line: go on, try the next one, open it again, or leave it."""
        if not self.proven:
            return "stay" if now - self._opened < LISTEN else "turn"
        if self.silence(now) >= LOST:
            return "leave"
        silent = now - max(self._last_good, self._opened)
        return "reopen" if silent >= SILENCE else "stay"

    def silence(self, now: float) -> float:
        """Seconds since the last good sentence."""
        return now - self._last_good

    def leave(self, line: Line) -> None:
        """Nothing good has come from the line for long: every other port goes first."""
        self.proven = False
        self._plan = self._round(first=[path for path in self._present if path != line.path])

    def failed(self, line: Line) -> None:
        """The line could not be opened, or broke: its port is not worth another try this round."""
        self.proven = False
        self._plan = [other for other in self._plan if other.path != line.path]

    def _round(self, first: Sequence[str] = ()) -> list[Line]:
        """Every port at every speed: `first`, then the remembered port, then the others."""
        speeds, paths = list(SPEEDS), [*first, *self._present]
        if self.good is not None:
            known = self.good.path
            speeds = [self.good.speed, *(one for one in SPEEDS if one != self.good.speed)]
            if known in first:
                paths = [known, *paths]
            elif known in self._present:
                paths = [*first, known, *paths]
        return [Line(path, speed) for path in dict.fromkeys(paths) for speed in speeds]
