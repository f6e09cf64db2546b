"""What the driver reports and the help a visitor asks for."""

from typing import ClassVar

from .event import Code, Count, Event, Key


class Reported(Event, frozen=True, kw_only=True):
    """A problem from the closed list; a delay is one."""

    TYPE: ClassVar[str] = "incident.reported"

    kind: Code
    """Code list `incident`."""
    minutes: Count | None = None
    """How late, for a delay."""
    stop: Key | None = None


class HelpRequested(Event, frozen=True, kw_only=True):
    """*Aide* was touched: the buzzer inside rang."""

    TYPE: ClassVar[str] = "help.requested"

    screen: Code = "welcome"
    """Where on the screen: never whose, never why."""
