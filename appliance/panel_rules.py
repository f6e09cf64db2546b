"""What the vehicle's lamp and buzzer show, and when the unit may stop. Pure; touches no pin.

A van at a stop stands with its engine off: on duty, the ignition never stops the unit.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Lamp = Literal["sending", "kept", "fault"]
Shutdown = Literal["ignition", "battery"]

PATTERNS: dict[Lamp, tuple[float, ...]] = {
    "sending": (2.9, 0.1),
    "kept": (1.0, 1.0),
    "fault": (0.2, 0.2, 0.2, 0.2, 0.2, 1.0),
}
"""Seconds lit, dark, lit… and round again: told apart by their rhythm, not by colour alone."""
HELP = (0.2, 0.2, 0.2, 4.4)
"""Two soft beeps every five seconds."""

SETTLED = 10.0
"""Seconds a pin must say the same before it counts: a starter motor drags the battery down."""
WARNING = 600.0
"""Seconds between the warning of a low battery and the stop."""
SPOKEN = 5.0
"""Seconds the screen is given to notice that it must speak."""
IGNITION_GRACE = 300.0
"""Seconds off duty with the ignition off before the stop."""
MOST_UPDATING = 2700.0
"""Seconds for which an update that is under way puts that off."""


def lit(pattern: tuple[float, ...], now: float) -> bool:
    """Whether a pattern (lit, dark, lit…) is lit at `now` seconds."""
    left = now % sum(pattern)
    for index, length in enumerate(pattern):
        if left < length:
            return index % 2 == 0
        left -= length
    return False


def lamp_state(
    uplink: Mapping[str, Any] | None, keeper: Mapping[str, Any] | None, faults: int
) -> Lamp:
    """What the lamp tells, from what the others last published and this process's own faults."""
    uplink, keeper = uplink or {}, keeper or {}
    disk_full = keeper.get("disk_state") == "full"
    if faults or disk_full or uplink.get("faults") or keeper.get("faults"):
        return "fault"
    return "sending" if uplink.get("link") == "up" else "kept"


def updating(
    update: Mapping[str, Any] | None,
    fetch: Mapping[str, Any] | None,
    health: Mapping[str, Any] | None,
) -> bool:
    """Whether a new system is just coming over Wi-Fi, written, or tried: do not switch off now."""
    update, fetch, health = update or {}, fetch or {}, health or {}
    if update.get("state") in ("installing", "restarting") or health.get("state") == "checking":
        return True
    return fetch.get("state") == "fetching" and fetch.get("mobile") is False


class Inputs(msgspec.Struct, frozen=True):
    """The panel's pins as read; None: there is no such pin."""

    ignition: bool | None = None
    battery_low: bool | None = None


class Power(msgspec.Struct, frozen=True):
    """What is said about stopping; published for the screen, which shows and speaks it."""

    warning: Literal["battery"] | None = None
    seconds_left: int | None = None
    speak: bool = False
    """The screen says it aloud now: as the warning begins, and a minute before the end."""
    shutdown: Shutdown | None = None


class PowerWatch:
    """Since when each reason to stop has held. Seconds of any steady clock."""

    def __init__(self) -> None:
        self._low_since: float | None = None
        self._good_since: float | None = None
        self._parked_since: float | None = None
        self._idle_since: float | None = None

    def see(self, now: float, inputs: Inputs, *, on_duty: bool, updating: bool = False) -> Power:
        """What is to be said and done now."""
        self._see_battery(now, inputs.battery_low is True)
        parked = inputs.ignition is False and not on_duty
        since = self._parked_since = _since(self._parked_since, now) if parked else None
        waits = updating and since is not None and now - since < MOST_UPDATING
        self._idle_since = _since(self._idle_since, now) if parked and not waits else None
        if self._low_since is not None and now - self._low_since >= SETTLED:
            left = self._low_since + SETTLED + WARNING - now
            if left <= 0:
                return Power(warning="battery", seconds_left=0, shutdown="battery")
            speak = any(begins - SPOKEN < left <= begins for begins in (WARNING, 60.0))
            return Power(warning="battery", seconds_left=round(left), speak=speak)
        if self._idle_since is not None and now - self._idle_since >= IGNITION_GRACE:
            return Power(shutdown="ignition")
        return Power()

    def _see_battery(self, now: float, low: bool) -> None:
        if low:
            self._good_since = None
            self._low_since = now if self._low_since is None else self._low_since
            return
        self._good_since = now if self._good_since is None else self._good_since
        if now - self._good_since >= SETTLED:
            self._low_since = None


def _since(before: float | None, now: float) -> float:
    return now if before is None else before
