"""What a vehicle has on board that its unit must be told: display and wires. Opens none of it."""

from typing import Annotated, Literal

import msgspec

Display = Literal["officiel-7", "touch-2", "touch-2-paysage", "dix-pouces"]
Rotation = Literal[0, 90, 180, 270]
Pin = Annotated[int, msgspec.Meta(ge=0, le=27)]
"""GPIO number (BCM)."""


class Screen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The touch screen, as in the unit's file."""

    panel: Display = "officiel-7"
    rotation: Rotation | None = None
    """Degrees, for a panel that hangs otherwise than its kind does."""


class Panel(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wired, as in the unit's file; what is left out is not there."""

    ignition: Pin | None = None
    lamp: Pin | None = None
    buzzer: Pin | None = None
    battery_low: Pin | None = None
    poweroff: bool = False
    """Whether the unit may switch itself off."""


class Equipment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file for all vehicles that are built alike."""

    screen: Screen = Screen()
    panel: Panel = Panel()
