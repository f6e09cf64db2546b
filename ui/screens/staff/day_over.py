"""The day was closed: said for a moment, to whoever closed it. Nothing is behind it."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class DayOver(DeskScreen):
    """The last page of the day."""


load_rules(__file__)
