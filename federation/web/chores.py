"""What the site does by itself: each chore again after so many seconds, in one thread. Knows none.

This is a service loop, so one of the doors with a broad `except` (CONTRIBUTING.md): a chore that
fails is told once with its traceback and tried again later, and the others go on.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..errors import OperatorError

PAUSE = 60.0
"""Seconds until a chore that failed is tried again, at the least."""

log = logging.getLogger("web")


class Chore(NamedTuple):
    """Something to do again and again."""

    name: str
    every: float
    """Seconds."""
    run: Callable[[int], None]
    """Is given the time in milliseconds since 1970. May raise OperatorError."""


class Chores:
    """The loop around `step`; the first round is at once."""

    def __init__(
        self,
        chores: Sequence[Chore],
        *,
        utc: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        """`after` each round: connections to the database are let go there."""
        self._chores, self._utc, self._after = tuple(chores), utc, after
        self._due = {chore.name: float("-inf") for chore in self._chores}
        self._told: dict[str, str] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def step(self, now: float) -> float:
        """Does what is due at these monotonic seconds; returns how long there is nothing to do."""
        due = [chore for chore in self._chores if self._due[chore.name] <= now]
        for chore in due:
            if not self._stop.is_set():
                self._due[chore.name] = now + self._run(chore)
        if due:
            self._after()
        return max(0.0, min(self._due.values(), default=now + PAUSE) - now)

    def start(self) -> "Chores":
        """In its own thread, until `stop`."""
        self._thread = threading.Thread(target=self._loop, name="chores")
        self._thread.start()
        return self

    def stop(self) -> None:
        """The chore at work ends first. May be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._stop.wait(self.step(time.monotonic()))

    def _run(self, chore: Chore) -> float:
        """Seconds until it is due again."""
        try:
            chore.run(self._utc())
        except OperatorError as error:
            self._tell(chore, str(error), None)
        except Exception as error:  # noqa: BLE001  the door: told below
            self._tell(chore, repr(error), error)
        else:
            if self._told.pop(chore.name, ""):
                log.info("%s goes on", chore.name)
            return chore.every
        return max(chore.every, PAUSE)

    def _tell(self, chore: Chore, what: str, bug: Exception | None) -> None:
        if self._told.get(chore.name) != what:
            log.error("%s: %s", chore.name, what, exc_info=bug)
        self._told[chore.name] = what


def of_the_site() -> Chores:
    """Those of all apps. Only once Django is ready."""
    from django.db import connections

    from .accounts import chores as people
    from .alerts import chores as alerts
    from .fleet import updates
    from .programme import chores as programme

    every = (*alerts.chores(), *programme.CHORES, *people.CHORES, *updates.CHORES)
    return Chores(every, after=connections.close_all)
