"""Words and moments of alerts for templates. Decides nothing."""

from datetime import datetime
from typing import Final

from django import template

from .. import showing

register = template.Library()
DEEDS: Final = {
    "taken": "a pris en charge",
    "given_back": "a rendu",
    "muted": "a mis en sourdine",
    "unmuted": "a fini la sourdine",
    "delay": "a changé les délais",
}


@register.filter
def moment(value: int) -> datetime:
    """Milliseconds since 1970 as a date."""
    return showing.at(value)


@register.filter
def deed_words(what: str) -> str:
    """What somebody did."""
    return DEEDS.get(what, what)
