"""Keeps a connection to the broker: makes one, gives it up, tries again when it is time."""

import logging
from collections.abc import Callable
from enum import Enum
from typing import Literal

from .backoff import Backoff, after_failure, while_connected
from .session import Session
from .trouble import NotReached

log = logging.getLogger("uplink")


class News(Enum):
    """What happened to the line during a step."""

    NONE = "none"
    UP = "up"
    LOST = "lost"


class Line:
    """One session at a time, never one twice."""

    def __init__(self, connect: Callable[[float], Session], chance: Callable[[], float]) -> None:
        self.failure: NotReached | None = None
        """What ended the last connection or attempt."""
        self._connect, self._chance = connect, chance
        self._session: Session | None = None
        self._backoff = Backoff()
        self._up_since: float | None = None

    @property
    def why(self) -> str:
        """What ended the last connection or attempt, in one sentence."""
        return str(self.failure or "")

    @property
    def cause(self) -> str:
        """The kind of that, for whoever tells it in words of his own; "" when there is none."""
        return self.failure.cause.name.lower() if self.failure else ""

    @property
    def session(self) -> Session | None:
        """The session, while it can be used."""
        return self._session if self._session and self._session.connected else None

    @property
    def state(self) -> Literal["up", "down", "trying"]:
        """For the lamp: down only once an attempt has failed."""
        if self.session is not None:
            return "up"
        return "down" if self._backoff.failures else "trying"

    def step(self, now: float) -> News:
        """Reads what has come; connects when it is time, which may block (session.py)."""
        if self._session is None:
            if now >= self._backoff.not_before:
                self._open(now)
            return News.NONE
        self._session.read(now)
        if self._session.ended is not None:
            self._give_up(self._session.ended, now)
            return News.LOST
        if not self._session.connected:
            return News.NONE
        if self._up_since is None:
            self._up_since = now
            return News.UP
        self._backoff = while_connected(self._backoff, self._up_since, now)
        return News.NONE

    @property
    def watched(self) -> tuple[int, int] | None:
        """Descriptor and poll events of the connection, also while it is being made."""
        return self._session.watched if self._session else None

    @property
    def waiting(self) -> bool:
        """Whether it is to be stepped at once, whatever its descriptor says."""
        return self._session is not None and self._session.waiting

    @property
    def again_at(self) -> float:
        """When it is to be stepped to try again; only of use while there is no connection."""
        return self._backoff.not_before if self._session is None else float("-inf")

    def rest(self, seconds: float) -> float:
        """Sleeps until something comes, while there is a line; returns how long to sleep else."""
        if self._session is None:
            return seconds
        self._session.wait(seconds)
        return 0.0

    def close(self) -> None:
        """An orderly end."""
        if self._session is not None:
            self._session.close()

    def renew(self) -> None:
        """Ends the connection, if there is one, and makes another at once."""
        self.close()
        self._session, self._up_since, self._backoff = None, None, Backoff()

    def _open(self, now: float) -> None:
        try:
            self._session = self._connect(now)
        except NotReached as failure:
            self._give_up(failure, now)

    def _give_up(self, failure: NotReached, now: float) -> None:
        if str(failure) != self.why:
            log.warning("%s", failure)
        self.failure = failure
        self._session, self._up_since = None, None
        self._backoff = after_failure(self._backoff, failure.cause, now, self._chance())
