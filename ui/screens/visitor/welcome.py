"""The first screen: a greeting, one button; the driver behind the van, staff behind the lock."""

from ...widgets.rules import load_rules
from ..base import DeskScreen


class Welcome(DeskScreen):
    """Shown whenever nobody is there."""


load_rules(__file__)
