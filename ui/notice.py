"""What stands on the panel while there is no screen: a drawn picture, put there without Kivy.

`python -m ui.notice starting` as soon as the kernel has a panel, `… ended` whenever the screen has
ended (systemd's ExecStopPost). The picture lies in the kernel's own frame buffer, which is seen
whenever nobody else draws: the screen replaces it by drawing. Uses only what Python brings.
"""

import json
import os
import sys
import time
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, NamedTuple

from . import frame_buffer
from .display import PROFILES
from .picture import Picture

Notice = Literal["moment", "starting", "leaving", "trouble", "settings", "card"]
FOLDER: Final = Path(__file__).parent / "assets" / "notices"
NO_SETTINGS: Final = 78
"""The screen's exit code without settings that can be read (ui/cli.py)."""
OFTEN, LATELY = 3, 600.0
"""So many falls in so many seconds are more than a moment."""
LEAVES: Final = 60.0
"""Seconds that a stop of the whole unit takes at the most, from the vehicle's word on."""


class Place(NamedTuple):
    """Where this machine keeps what is looked at; a test has its own."""

    settings: Path = Path("/etc/escale/unit.toml")
    data: Path = Path("/data")
    falls: Path = Path("/run/escale-screen/falls")
    vehicle: Path = Path("/run/escale/vehicle.json")
    pictures: Path = FOLDER
    panel: frame_buffer.Place = frame_buffer.Place()


def which(
    result: str, status: str, falls: Sequence[float], *, has_data: bool, leaving: bool = False
) -> Notice:
    """The picture for an end of the screen: systemd's word on it, and when it fell lately."""
    if result == "success":
        return "leaving" if leaving else "moment"
    if not has_data:
        return "card"
    if status == str(NO_SETTINGS):
        return "settings"
    return "trouble" if len(falls) >= OFTEN else "moment"


def fell(place: Place, now: float) -> list[float]:
    """Seconds since the boot of the latest falls, this one among them."""
    try:
        before = [float(word) for word in place.falls.read_text(encoding="ascii").split()]
    except (OSError, ValueError):
        before = []
    lately = [*[second for second in before if now - second < LATELY][-OFTEN:], now]
    with suppress(OSError):  # without its folder each fall is the first
        place.falls.write_text(" ".join(f"{second:.0f}" for second in lately), encoding="ascii")
    return lately


def is_leaving(place: Place, now: float) -> bool:
    """Whether the whole unit stops just now, as the vehicle said last."""
    try:
        told = json.loads(place.vehicle.read_bytes())
        return bool(told["power"]["shutdown"]) and now - told["boottime"] / 1000 < LEAVES
    except (OSError, ValueError, KeyError, TypeError):
        return False


def rotation(settings: Path) -> int:
    """Degrees the panel's picture is turned by; 0 where nobody can say."""
    try:
        screen = tomllib.loads(settings.read_text(encoding="utf-8"))["screen"]
        told = screen.get("rotation", PROFILES[screen.get("panel", "officiel-7")].rotation)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0
    return told if told in (90, 180, 270) else 0


def show(notice: Notice, place: Place) -> bool:
    """False: there is no panel, or no picture."""
    panel = frame_buffer.opened(place.panel)
    if panel is None:
        return False
    turned = rotation(place.settings)
    wide, high = panel.size if turned in (0, 180) else panel.size[::-1]
    pictures = [file.read_bytes() for file in sorted(place.pictures.glob(f"{notice}-*.png"))]
    if not pictures:
        return False
    png = max(pictures, key=lambda each: _fitting(Picture.size(each), wide, high))
    return panel.draw(Picture.read(png).on_ground(wide, high).turned(turned))


def _fitting(size: tuple[int, int], wide: int, high: int) -> tuple[bool, int]:
    """The larger the better; of those too large for the panel the smallest."""
    fits = size[0] <= wide and size[1] <= high
    return fits, size[0] * size[1] * (1 if fits else -1)


def main(argv: list[str], place: Place | None = None) -> int:
    """The exit code: 1 where there is nothing to draw on."""
    place = place or Place()
    if argv[1:] == ["starting"]:
        return int(not show("starting", place))
    result, status = (os.environ.get(name, "") for name in ("SERVICE_RESULT", "EXIT_STATUS"))
    now = time.clock_gettime(time.CLOCK_BOOTTIME)
    falls = [] if result == "success" else fell(place, now)
    has_data, leaving = place.data.is_mount(), is_leaving(place, now)
    notice = which(result, status, falls, has_data=has_data, leaving=leaving)
    return int(not show(notice, place))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
