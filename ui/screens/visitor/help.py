"""*Quelqu'un arrive*: the buzzer rings as long as this is shown."""

from ...widgets.rules import load_rules
from .called import CalledScreen


class Help(CalledScreen):
    """Leads back to where it was asked for."""


load_rules(__file__)
