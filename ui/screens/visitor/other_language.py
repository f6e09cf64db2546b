"""For whoever reads none of the languages: somebody comes, and a number can be taken meanwhile."""

from ...widgets.rules import load_rules
from .called import CalledScreen


class OtherLanguage(CalledScreen):
    """Mostly pictograms: whoever sees this reads none of it. The buzzer rings."""


load_rules(__file__)
