"""How each boot is dated, as the vehicle's journal knows it now. Asks again now and then."""

from pathlib import Path

from ..clock import Anchor, BootClock, known_anchor, read_anchor

FRESH_FOR = 30.0
"""Seconds an answer is good for: a boot may be dated, or dated better, at any time."""


class Anchors:
    """Answers by boot id, for every row that leaves."""

    def __init__(self, vehicle_journal: Path, clock: BootClock) -> None:
        self._path, self._clock = vehicle_journal, clock
        self._known: dict[str, Anchor | None] = {}
        self._asked_at = float("-inf")

    def refresh(self, now: float) -> None:
        """Forget answers that have grown old."""
        if now - self._asked_at >= FRESH_FOR:
            self._asked_at = now
            self._known.clear()

    def of(self, boot_id: str) -> Anchor | None:
        """The anchor of a boot; None while its time is not known."""
        if boot_id not in self._known:
            self._known[boot_id] = (
                known_anchor(self._path, self._clock)
                if boot_id == self._clock.boot_id
                else read_anchor(self._path, boot_id)
            )
        return self._known[boot_id]

    @property
    def current(self) -> Anchor | None:
        """Of this boot."""
        return self.of(self._clock.boot_id)
