"""France as a drawing, and where vehicles are in it: no tiles, no internet. Outlines are data/.

A mark differs by its shape as well as its colour, and carries its vehicle's name. From 300 on,
those close to each other share one, with their number: it has the state that needs most.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final, NamedTuple

from ... import fleet_state
from . import words
from .rows import Line

CROWD: Final = 300
CELL: Final = 44
"""Side of the squares in which a crowd is gathered, in units of the drawing."""
NEAR: Final = 30


class Frame(NamedTuple):
    """A part of the drawing and the degrees that it shows."""

    name: str
    x: int
    y: int
    width: int
    height: int
    west: float
    south: float
    east: float
    north: float
    squeeze: float
    scale: float
    path: str

    def place(self, lat: float, lon: float) -> tuple[int, int] | None:
        """Where a place is in the drawing; None: in another part."""
        if not (self.west <= lon <= self.east and self.south <= lat <= self.north):
            return None
        across = (lon - (self.west + self.east) / 2) * self.squeeze * self.scale
        down = ((self.south + self.north) / 2 - lat) * self.scale
        return round(self.x + self.width / 2 + across), round(self.y + self.height / 2 + down)


class France(NamedTuple):
    """The drawing."""

    width: int
    height: int
    frames: Sequence[Frame]

    def place(self, lat: float, lon: float) -> tuple[int, int] | None:
        """Where a place is; None: nowhere in France."""
        return next(filter(None, (frame.place(lat, lon) for frame in self.frames)), None)


@cache
def france() -> France:
    """Read once."""
    text = (Path(__file__).parent / "data/france.json").read_text(encoding="utf-8")
    read: Mapping[str, Any] = json.loads(text)
    return France(read["width"], read["height"], [Frame(**each) for each in read["frames"]])


def marks(lines: Iterable[Line]) -> str:
    """The vehicles that are somewhere, as SVG; the gravest are drawn last, above the others."""
    placed = [(spot, line) for line in lines if line.place and (spot := _spot(*line.place))]
    side = CELL if len(placed) > CROWD else NEAR
    groups: dict[tuple[int, int], list[tuple[tuple[int, int], Line]]] = {}
    for spot, line in placed:
        groups.setdefault((spot[0] // side, spot[1] // side), []).append((spot, line))
    found = [_mark(members) for members in groups.values()]
    return "".join(text for _, text in sorted(found, reverse=True))


def _spot(lat: float, lon: float) -> tuple[int, int] | None:
    return france().place(lat, lon)


def _mark(members: Sequence[tuple[tuple[int, int], Line]]) -> tuple[int, str]:
    spot, worst = min(members, key=lambda member: member[1].rank)
    letter = words.LETTERS[worst.state]
    x, y = spot
    count = f"<text y=11>{len(members)}</text>" if len(members) > 1 else ""
    big = " class=big" if len(members) > 1 else ""
    text = (
        f'<g class={letter} data-row={escape(worst.key)} transform="translate({x} {y})">'
        f'<title>{escape(_title(members))}</title><use{big} href="#mark-{letter}" />{count}</g>'
    )
    return fleet_state.ORDER[worst.state], text


def _title(members: Sequence[tuple[tuple[int, int], Line]]) -> str:
    if len(members) == 1:
        return f"{members[0][1].name} : {members[0][1].said}"
    states = [line.state for _, line in members]
    told = (
        f"{states.count(state)} {words.STATES[state].lower()}"
        for state in fleet_state.ORDER
        if state in states
    )
    return f"{len(members)} véhicules : {', '.join(told)}"
