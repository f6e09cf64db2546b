"""French plurals: nothing and one are singular."""

from typing import Any

from django import template
from django.utils.formats import date_format

register = template.Library()


@register.filter
def s(count: object, forms: str = ",s") -> str:
    """The ending after so many: `{{ n|s }}`, `{{ n|s:"est,sont" }}`."""
    singular, _, plural = forms.partition(",")
    return plural if isinstance(count, int) and count > 1 else singular


@register.filter
def long_day(day: Any) -> str:
    """mardi 1er décembre 2026"""
    return date_format(day, r"l 1\e\r F Y" if day.day == 1 else "l j F Y")
