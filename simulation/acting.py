"""Plays a script as time goes by: each deed when its time has come, late ones in bites."""

from collections.abc import Callable

from protocol.event import Key

from .script import Deed, Script
from .standing import Standing
from .vehicles import Vehicle

BITE = 200
"""Deeds at a time, so that a unit with weeks to catch up with lets the others have their turn."""


class Actor:
    """One unit's script, and how it stands by what was played of it."""

    __slots__ = ("_script", "next", "played", "standing")

    def __init__(self, vehicle: Vehicle, script: Script) -> None:
        self._script = script
        self.standing = Standing(vehicle)
        self.next: Deed | None = next(script, None)
        """What comes next; None: it is over."""
        self.played = 0

    def play(self, utc: int, append: Callable[[Deed], Key], most: int = BITE) -> None:
        """What is due by then becomes rows; no more than `most` of them."""
        for _ in range(most):
            deed = self.next
            if deed is None or deed.at > utc:
                return
            key = append(deed)
            self.standing.note(deed, key)
            self.played += 1
            try:
                self.next = self._script.send(key)
            except StopIteration:
                self.next = None

    def is_late(self, utc: int) -> bool:
        """Whether something should have happened by now."""
        return self.next is not None and self.next.at <= utc
