"""The panel while the vehicle moves: dark, without a button."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Dark(DeskScreen):
    """Nothing to read, nothing to touch."""


load_rules(__file__)
