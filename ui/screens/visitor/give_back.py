"""Asked once before a place is given back: somebody else may have it a moment later."""

from ...widgets.rules import load_rules
from .offered import OfferedScreen


class GiveBack(OfferedScreen):
    """Two buttons; nothing has happened yet."""


load_rules(__file__)
