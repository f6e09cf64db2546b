"""One finger, one touch: which touch-downs count. Pure; the time is an argument."""

BOUNCE = 0.3
"""Seconds: a finger is never twice on one button so soon, nor reads a new screen so fast."""


class Gate:
    """Refuses what a bouncing panel or a doubled input device adds to a touch."""

    def __init__(self) -> None:
        self._last: dict[object, float] = {}
        self._changed = float("-inf")

    def accepts(self, button: object, now: float) -> bool:
        """Whether a touch-down on this button, now, is a finger's."""
        if now - self._last.get(button, self._changed) < BOUNCE:
            return False
        self._last[button] = now
        return True

    def screen_changed(self, now: float) -> None:
        """Other buttons are under the finger now."""
        self._changed = now
        self._last = {}
