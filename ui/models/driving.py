"""What the driver's page says of the vehicle. Pure: told the vehicle's and the driver's words."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Duty = Literal["on", "paused", "off"]
DUTY_OF: dict[str, Duty] = {
    "duty.started": "on",
    "duty.resumed": "on",
    "duty.paused": "paused",
    "duty.ended": "off",
}
"""Event type → the duty it begins."""
SETTLES = 5.0
"""Seconds the vehicle is given to hear the driver's last word; until then that word stands."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The driver's last words, as the screen's journal has them."""

    duty: Duty = "off"
    standing: bool = False
    name: str = ""
    """Of the planned stop that the driver said it is."""
    duty_age: float = float("inf")
    """Seconds since the driver's last word on duty."""
    stop_age: float = float("inf")
    """Seconds since the driver's last word on a stop."""


class Driving(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown."""

    duty: Duty = "off"
    standing: bool = False
    """A stop is open: *Départ* is the word that is expected next."""
    place: str = "not_recorded"
    """Key of the sentence, section `driver`."""
    name: str = ""
    """Of the stop, when it has one."""
    minutes: int | None = None
    """Since when it stands."""
    gps: str = "gps_unknown"
    """Key of the sentence, section `driver`."""

    @property
    def knows_place(self) -> bool:
        """Whether the GPS tells where it stands: else the driver is asked."""
        return self.gps == "gps_fix"


def driving(vehicle: Mapping[str, Any] | None, told: Told, boottime: int) -> Driving:
    """`vehicle`: its latest word (`/run/escale/vehicle.json`), or None; `boottime`: now, ms."""
    duty = told.duty if vehicle is None or told.duty_age < SETTLES else _duty(vehicle, told)
    heard = vehicle is not None and told.stop_age >= SETTLES
    if duty != "on":
        place = "paused" if duty == "paused" else "not_recorded"
        return Driving(duty=duty, place=place, gps=_gps(vehicle))
    provisional = (vehicle or {}).get("provisional") or {}
    standing = bool(vehicle and vehicle.get("stop")) if heard else told.standing
    perhaps = bool(provisional) and not standing
    return Driving(
        duty=duty,
        standing=standing,
        place="standing" if standing else "standing_perhaps" if perhaps else "on_road",
        name=str(provisional.get("name") or "") if heard else told.name,
        minutes=_minutes(provisional.get("arrived"), boottime),
        gps=_gps(vehicle),
    )


def duty_touch(current: Duty, wanted: Duty) -> str:
    """The word (ui/driver.py: DUTIES) that leads from one duty to another; "" when it is that."""
    if current == wanted:
        return ""
    if wanted == "on":
        return "resumed" if current == "paused" else "started"
    return "paused" if wanted == "paused" else "ended"


def battery_minutes(vehicle: Mapping[str, Any] | None) -> int | None:
    """Until the unit stops for its low battery; None: it does not."""
    power = (vehicle or {}).get("power") or {}
    left = power.get("seconds_left")
    is_low = power.get("warning") == "battery" and isinstance(left, int)
    return -(-left // 60) if is_low else None


def _duty(vehicle: Mapping[str, Any] | None, told: Told) -> Duty:
    word = (vehicle or {}).get("duty")
    return word if word in ("on", "paused", "off") else told.duty


def _gps(vehicle: Mapping[str, Any] | None) -> str:
    state = ((vehicle or {}).get("gps") or {}).get("state")
    return {
        "fix": "gps_fix",
        "no_fix": "gps_no_fix",
        "silent": "gps_absent",
        "absent": "gps_absent",
        "off_duty": "gps_off_duty",
    }.get(state, "gps_unknown")


def _minutes(since: object, boottime: int) -> int | None:
    if not isinstance(since, int) or since > boottime:
        return None
    return (boottime - since) // 60_000
