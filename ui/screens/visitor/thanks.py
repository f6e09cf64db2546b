"""The number, large; it goes by itself."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Thanks(DeskScreen):
    """Only ever shown when the check-in is on the disk."""


load_rules(__file__)
