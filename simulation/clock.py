"""What time it is in the simulation: the real time, or faster, from a given moment on."""

import time


class FleetClock:
    """One for the whole fleet; units on board count by it."""

    def __init__(self, *, starts: int | None = None, speed: float = 1.0) -> None:
        """`starts`: milliseconds since 1970 when the simulation begins, else now."""
        self.speed = speed
        self._began = time.monotonic()
        self._starts = time.time_ns() // 1_000_000 if starts is None else starts

    def utc(self, now: float | None = None) -> int:
        """Milliseconds since 1970 at a monotonic instant."""
        since = (time.monotonic() if now is None else now) - self._began
        return self._starts + round(since * self.speed * 1000)

    def until(self, utc: int, now: float) -> float:
        """Seconds of real time until then; negative when it is over."""
        return (utc - self.utc(now)) / 1000 / self.speed
