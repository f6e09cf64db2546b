"""Moments in templates, on the clock of the vehicle: `{{ at|moment:zone }}`."""

from django import template

from .. import words
from ..board import utc
from ..day import Stop

register = template.Library()


@register.filter
def moment(at: int | None, zone: str) -> str:
    """The hour today, the day too otherwise."""
    return words.moment(at, zone, utc())


@register.filter
def clock(at: int | None, zone: str) -> str:
    """The hour alone, with its seconds."""
    return "" if at is None else f"{words.local(at, zone):%H:%M:%S}"


@register.filter
def full(at: int | None, zone: str) -> str:
    """Day and hour, always both."""
    return "–" if at is None else f"{words.local(at, zone):%d/%m/%Y %H:%M}"


@register.filter
def source(stop: Stop) -> str:
    """Who told of a stop."""
    return words.SOURCES.get(stop.source, stop.source)
