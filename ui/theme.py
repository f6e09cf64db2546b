"""Design tokens: colours, type, space, targets. The only place with a colour or a size in it.

Knows no Kivy, so that contrast can be tested as arithmetic.
"""

import json
from functools import cache
from pathlib import Path

Colour = tuple[float, float, float, float]

ASSETS = Path(__file__).parent / "assets"


def colour(code: str, opacity: float = 1.0) -> Colour:
    """`#RRGGBB` as four numbers from 0 to 1."""
    red, green, blue = (int(code[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return (red, green, blue, opacity)


PAPER = colour("#F6F3EC")
CARD = colour("#FFFFFF")
INK = colour("#14232D")
MUTED = colour("#4C5B65")
LINE = colour("#D8D1C3")
PRIMARY, PRIMARY_EDGE, PRIMARY_TINT = colour("#0E566B"), colour("#093E4E"), colour("#DCECEF")
SUN, SUN_EDGE, SUN_TINT = colour("#F4B942"), colour("#C98F1A"), colour("#FDF1D3")
OK, OK_EDGE, OK_TINT = colour("#1D6F48"), colour("#145236"), colour("#DDF0E4")
DANGER = colour("#A8321F")
WARN_INK, WARN_TINT, WARN_EDGE = colour("#6B4700"), colour("#FBEBC8"), colour("#E3C27A")
NIGHT, NIGHT_CARD, NIGHT_LINE = colour("#0F2530"), colour("#173643"), colour("#2E5364")
NIGHT_TEXT, NIGHT_MUTED = colour("#FFFFFF"), colour("#B9CCD4")
SKY = colour("#DCEBE9")
HILLS = (colour("#9CC4BF"), colour("#4E8D8F"), colour("#0E566B"))
CLOUD = colour("#EDF5F3")
VILLAGE = colour("#7FB0AE")
TREES = colour("#3D7A7E")
WHITE = colour("#FFFFFF")
BLACK = colour("#000000")
CLEAR = colour("#000000", 0)

CAPTION, BODY, LEAD, TITLE, DISPLAY, NUMBER = 20, 26, 30, 36, 56, 128
"""Type, in dp: body is 5.0 mm, the 14 points of easy-to-read rules; caption is for side notes."""

GAP, MARGIN = 12, 20
"""Between targets, and around the page."""
ROUND_SMALL, ROUND, ROUND_LARGE = 12, 18, 28
STROKE, LIP = 2, 5
"""A border; the darker lower edge of a button, which closes when it is pressed."""
LIT = 6
"""The border of a button while it is read aloud."""
TAP, TAP_LARGE = 64, 112
"""Targets: 12.3 mm at least, 21.6 mm for what a glove touches."""
HELP_WIDTH = 168
"""*Aide* stands in the same corner of each screen, the loudspeaker beside it."""
CORNER = HELP_WIDTH + GAP + TAP + 14
"""What the head of a page leaves free for both, beside the margin."""


FACES = {"latin": ("EscaleLisible", (400, 600, 700)), "arabic": ("EscaleArabe", (400, 700))}
"""The font of each script (ui/text/shape.py), and its weights; Cyrillic is in the Latin one."""
LINE_HEIGHTS = {"latin": 1.0, "arabic": 0.78}
"""Arabic letters leave room above and below for marks that few words have."""


def font(weight: int, script: str = "latin") -> str:
    """The text font of a script in weight 400 (text), 600 (labels), 700 (titles) or the next."""
    face, weights = FACES[script]
    return str(ASSETS / "fonts" / f"{face}-{min(one for one in weights if one >= weight)}.ttf")


PICTOGRAMS = str(ASSETS / "pictograms.otf")


TURNED = {"arrow_back": "arrow_forward", "arrow_forward": "arrow_back"}
"""Pictograms that point along the reading; all others look the same from either side."""


def turned(name: str, rtl: bool) -> str:
    """The pictogram that means the same on a page read from the right."""
    return TURNED.get(name, name) if rtl else name


def glyph(name: str) -> str:
    """The character of a pictogram. Raises KeyError when the font has none of that name."""
    return chr(_glyphs()[name]) if name else ""


def outline(name: str) -> str:
    """The pictogram drawn as a line, to lie on its own shape; where there is none, the shape."""
    return f"{name}_line" if f"{name}_line" in _glyphs() else name


@cache
def _glyphs() -> dict[str, int]:
    return json.loads((ASSETS / "pictograms.json").read_text(encoding="utf-8"))
