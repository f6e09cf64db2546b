"""The outline of France for the map of stops, as the fleet page draws it. Needs no internet."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from .stop_map import Ring

DRAWING: Final = Path(__file__).parent.parent / "web" / "fleet" / "data" / "france.json"
_NUMBER: Final = re.compile(r"-?\d+")


@cache
def france() -> tuple[Ring, ...]:
    """Its rings, in degrees."""
    frames = json.loads(DRAWING.read_text(encoding="utf-8"))["frames"]
    return tuple(ring for frame in frames for ring in _rings(frame))


def _rings(frame: dict[str, Any]) -> list[Ring]:
    """A path of `M x y l dx dy …` pieces, undone into degrees as the frame made them."""
    found: list[Ring] = []
    middle_lon, middle_lat = (
        (frame["west"] + frame["east"]) / 2,
        (frame["south"] + frame["north"]) / 2,
    )
    left, top = frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2
    for piece in frame["path"].split("M")[1:]:
        numbers = [int(number) for number in _NUMBER.findall(piece)]
        x = y = 0
        ring = []
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            lon = middle_lon + (x - left) / (frame["squeeze"] * frame["scale"])
            ring.append((lon, middle_lat - (y - top) / frame["scale"]))
        found.append(ring)
    return found
