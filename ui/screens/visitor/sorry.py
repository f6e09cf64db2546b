"""The disk took nothing: said kindly, and to whom to turn."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Sorry(DeskScreen):
    """No number is shown that is not kept."""


load_rules(__file__)
