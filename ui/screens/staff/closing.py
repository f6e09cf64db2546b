"""The end of the day, asked once more: today's names go from the screen for good."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Closing(DeskScreen):
    """Nothing is erased before the second touch."""


load_rules(__file__)
