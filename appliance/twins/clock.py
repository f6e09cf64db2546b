"""A boot clock that moves only when told to. Knows no real time at all."""

from ..clock import BootClock


class SettableClock(BootClock):
    """Starts at `boottime` milliseconds of a first boot; `reboot` begins another."""

    def __init__(self, boottime: int = 60_000, *, boot_id: str = "boot-1") -> None:
        super().__init__(boot_id=boot_id)
        # Neither 1 nor a speed: the kernel's opinion of the real clock is never asked.
        self.rate = 0.0
        self.now = boottime
        self._boots = 1

    def boottime(self) -> int:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += round(seconds * 1000)

    def reboot(self, boottime: int = 20_000) -> None:
        """Another boot: the counter starts again, and tells nothing of the time between."""
        self._boots += 1
        self.boot_id, self.now = f"boot-{self._boots}", boottime
