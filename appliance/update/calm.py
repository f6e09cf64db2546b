"""Whether the unit may be written to, or started again, just now. Pure.

A unit whose screen or vehicle service says nothing may: the new system can be what mends it.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

Reason = Literal["", "battery", "duty", "somebody"]

NOBODY: Final = ("welcome", "dark")
"""Pages that nobody has begun anything on."""
AFTER_A_TOUCH: Final = 60.0
"""Seconds for which somebody who touched one of these may still be there."""
FORGOTTEN: Final = 300.0
"""Seconds after which nobody is at any page: each forgets whoever left much earlier."""

Told = Mapping[str, Any] | None
"""What a process last said; None: nothing fresh."""


def postponed(screen: Told, vehicle: Told) -> Reason:
    """Why not now; empty: now."""
    vehicle = vehicle or {}
    if vehicle.get("battery_low") is True:
        return "battery"
    if vehicle.get("duty") in ("on", "paused"):
        return "duty"
    return "somebody" if _somebody(screen or {}) else ""


def _somebody(screen: Mapping[str, Any]) -> bool:
    if not screen:
        return False
    if screen.get("help") is not None:
        return True
    quiet = screen.get("quiet")
    waited = quiet if isinstance(quiet, int | float) else 0.0
    return waited < (AFTER_A_TOUCH if screen.get("at") in NOBODY else FORGOTTEN)
