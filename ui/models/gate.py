"""One finger, one touch: which touches count. Pure; the time is an argument."""

BOUNCE = 0.3
"""Seconds: a finger is never twice on one button so soon, nor reads a new screen so fast."""
HELD = 10.0
"""Seconds after which a button that was never let go (a lost finger, a hand) stops no other."""


class Gate:
    """Refuses what a bouncing panel, a doubled device or a second finger adds to a touch."""

    def __init__(self) -> None:
        self._last: dict[object, float] = {}
        self._changed = float("-inf")
        self._held: object | None = None

    def accepts(self, button: object, now: float) -> bool:
        """Whether a touch-down on this button, now, is a finger's: one button at a time."""
        if self._held is not None and now - self._last[self._held] < HELD:
            return False
        if now - self._last.get(button, self._changed) < BOUNCE:
            return False
        self._last[button], self._held = now, button
        return True

    def lets_go(self, button: object) -> bool:
        """Whether it counts: a button is let go on the page on which it was pressed, or never."""
        counts = self._held is button
        if counts:
            self._held = None
        return counts

    def screen_changed(self, now: float) -> None:
        """Other buttons are under the finger now."""
        self._changed, self._last, self._held = now, {}, None
