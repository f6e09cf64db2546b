"""The place is given back, and thanks; it goes by itself."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class GivenBack(DeskScreen):
    """Only ever shown when that is on the card."""


load_rules(__file__)
