"""The doors of the screen of reasons, as data: a later service adds a line here, not a touch.

Says how a door looks; what a door counts as is the protocol's (`codes.theme_of_door`).
"""

from typing import NamedTuple

from . import theme
from .theme import Colour, colour


class Door(NamedTuple):
    """One way in: its code (list `door`) and its look. Its words are in the catalogues."""

    code: str
    pictogram: str
    tint: Colour
    edge: Colour
    deep: Colour
    is_theme: bool = True
    """A theme has a tile; the others stand below in a row."""
    ready: bool = True
    """Whether it leads somewhere: a door that does not is not shown."""


def _theme(code: str, pictogram: str, tint: str, edge: str, deep: str) -> Door:
    return Door(code, pictogram, colour(tint), colour(edge), colour(deep))


def _other(code: str, pictogram: str, ready: bool = True) -> Door:
    return Door(code, pictogram, theme.CARD, theme.LINE, theme.PRIMARY, False, ready)


# Tints, edges and deeps differ in hue alone (OKLCH .945/.032, .80/.06, .42/.105): none shouts.
DOORS = (
    _theme("sante", "stethoscope", "#FFE5E4", "#E2AFAE", "#7C3134"),
    _theme("famille", "family_restroom", "#FFE8D9", "#DDB499", "#773A00"),
    _theme("retraite", "elderly", "#F3E7FD", "#CAB4DB", "#5F3A77"),
    _theme("droit", "balance", "#E6ECFF", "#B2BBE5", "#3D4685"),
    _theme("logement", "cottage", "#E0F3E0", "#A6C9A6", "#205B25"),
    _theme("impots", "receipt_long", "#F5ECD5", "#CDBD92", "#634900"),
    _theme("emploi", "work", "#DCF0FF", "#9EC3E2", "#015182"),
    _theme("numerique", "devices", "#D5F4F3", "#90CACA", "#005D5F"),
    _other("lien_social", "record_voice_over"),
    _other("ne_sait_pas", "explore"),
    _other("ateliers", "handshake", ready=False),
)


def shown() -> tuple[Door, ...]:
    """The doors that lead somewhere, in the order of the screen."""
    return tuple(door for door in DOORS if door.ready)


def find(code: str) -> Door:
    """The door of this code. Raises KeyError when there is none."""
    return {door.code: door for door in DOORS}[code]
