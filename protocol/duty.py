"""On duty or off: between `ended` and `started` nothing of the vehicle is recorded."""

from typing import ClassVar

from .event import Code, Event


class Started(Event, frozen=True, kw_only=True):
    """The vehicle is at work; told again, it still is, and does not end by itself so soon."""

    TYPE: ClassVar[str] = "duty.started"


class Paused(Event, frozen=True, kw_only=True):
    """A break: the vehicle is nobody's business until it ends."""

    TYPE: ClassVar[str] = "duty.paused"


class Resumed(Event, frozen=True, kw_only=True):
    """The break is over."""

    TYPE: ClassVar[str] = "duty.resumed"


class Ended(Event, frozen=True, kw_only=True):
    """*Service terminé*."""

    TYPE: ClassVar[str] = "duty.ended"

    reason: Code = "driver"
    """Who or what ended it: code list `duty_end`."""
