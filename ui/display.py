"""The panels we know, each drawn at the same physical size. Knows no Kivy.

One density per panel: 1 dp is 1 pixel of the official 7-inch panel, 0.193 mm; on the 10-inch
one, looked at from further away, everything is a quarter larger.
"""

from typing import NamedTuple

REFERENCE = 5.19
"""Pixels per millimetre of the official 7-inch panel."""


class Profile(NamedTuple):
    """One kind of panel as it hangs in the vehicle."""

    width: int
    height: int
    """Pixels."""
    sharpness: float
    """Pixels per millimetre."""
    enlarged: float = 1.0
    rotation: int = 0
    """Degrees that its picture is turned by, where the panel itself stands the other way."""

    @property
    def density(self) -> float:
        """Pixels per dp."""
        return round(self.sharpness * self.enlarged / REFERENCE, 3)


PROFILES = {
    "officiel-7": Profile(800, 480, 5.19),
    "touch-2": Profile(720, 1280, 8.20),
    "touch-2-paysage": Profile(1280, 720, 8.20, rotation=90),
    "dix-pouces": Profile(1280, 800, 5.90, 1.25),
}
"""Name in `[screen] panel` → the panel."""
