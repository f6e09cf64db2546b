"""The still pictures for a panel without a screen (ui/notice.py), drawn as every page is.

`bootstrap.prepare` must have run, with `SDL_VIDEODRIVER=offscreen`, before this is imported.
"""

from collections import Counter
from pathlib import Path

from kivy.app import App
from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from .. import widgets  # noqa: F401  (the widgets must be known to the .kv file)
from ..picture import Picture
from ..text import catalogue
from ..widgets.rules import load_rules
from .pictures import drawn

PICTOGRAMS = {
    "moment": "hourglass_top",
    "starting": "hourglass_top",
    "leaving": "power",
    "trouble": "bedtime",
    "settings": "settings",
    "card": "sd_card_alert",
}
"""Notice → what stands beside the van."""
COLOURS = 256


class Still(FloatLayout):
    """One of them; nothing on it can be touched."""

    pictogram = StringProperty("")
    title = StringProperty("")
    explain = StringProperty("")


class Easel(App):
    """What the widgets ask of their app."""

    rtl = BooleanProperty(False)
    larger = NumericProperty(1.0)

    def build(self) -> Still:
        """The one page."""
        return Still()


def draw(folder: Path, panel: str) -> None:
    """One file for each notice, at the size of the window."""
    words, easel = catalogue.load("fr"), Easel()
    easel._run_prepare()
    for notice, pictogram in PICTOGRAMS.items():
        page = easel.root
        page.pictogram = pictogram
        page.title = words[f"still.{notice}_title"]
        page.explain = words[f"still.{notice}_explain"]
        for _ in range(4):
            EventLoop.idle()
        shown = drawn()
        picture = reduced(bytes(shown.pixels), *Window.size)
        (folder / f"{notice}-{panel}.png").write_bytes(picture.write())


def reduced(rgba: bytes, wide: int, high: int) -> Picture:
    """Its most frequent colours, the others as the nearest of them; GL's rows come from below."""
    pixels = list(zip(rgba[0::4], rgba[1::4], rgba[2::4], strict=True))
    palette = [colour for colour, _ in Counter(pixels).most_common(COLOURS)]
    place = {colour: at for at, colour in enumerate(palette)}
    for colour in set(pixels) - place.keys():
        place[colour] = min(range(len(palette)), key=lambda at: _apart(colour, palette[at]))
    rows = [pixels[at : at + wide] for at in range(0, wide * high, wide)]
    body = bytes(place[colour] for row in reversed(rows) for colour in row)
    return Picture(wide, high, bytes(part for colour in palette for part in colour), body)


def _apart(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


load_rules(__file__)
