"""Whether the wheels of a standing vehicle begin to turn, told from Doppler speed alone.

A speed that is only noise hums: its level while standing raises what counts as rolling.
"""

from typing import NamedTuple

RUN = 3
"""Fixes in a row above the threshold that make a roll."""
LOUD = 2.5
"""Times the hum that a speed must reach."""
HUM_AT_REST = 0.2
QUIETEST, LOUDEST = 0.05, 2.0
"""Metres per second the hum is held between."""
MEMORY = 0.1
"""Weight of one second in the hum."""


class Roll(NamedTuple):
    """The wheels turn."""

    since: float
    path: float
    """Metres rolled so far, by the speed."""


class Wheels:
    """The watch over one rest."""

    __slots__ = ("hum", "path", "run", "since")

    def __init__(self) -> None:
        self.hum = HUM_AT_REST
        self.run = 0
        self.since = 0.0
        self.path = 0.0

    def turn(self, at: float, speed: float, seconds: float, threshold: float) -> Roll | None:
        """Take in one speed (metres per second); the roll, once it is one."""
        if speed <= threshold or speed <= LOUD * self.hum:
            self._hear(speed, seconds)
            return None
        if not self.run:
            self.since, self.path = at, 0.0
        self.run += 1
        self.path += speed * min(seconds, 5.0)
        return Roll(self.since, self.path) if self.run >= RUN else None

    @property
    def steady(self) -> bool:
        """Whether the last speed was that of a standing vehicle."""
        return not self.run

    def _hear(self, speed: float, seconds: float) -> None:
        if self.run:
            self.hum += (self.path - self.run * self.hum) * MEMORY
            self.run = 0
        weight = MEMORY if seconds <= 1.0 else 2 * MEMORY
        hum = self.hum + (speed - self.hum) * weight
        self.hum = QUIETEST if hum < QUIETEST else LOUDEST if hum > LOUDEST else hum
