"""`escale-provision serve`: answers requests over MQTT and keeps the broker's files of today.

One loop around `step(now)`. What units ask in vain while it is down or the link is, they ask
again, and get the same answer: nothing is kept here.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Final

from protocol import messages, topics

from .connection import Connection, Word
from .errors import OperatorError
from .server_decisions import topic_of
from .server_office import Office, Rotated

TURN: Final = 0.5
"""Seconds of waiting for something to arrive."""
LOOK_EVERY: Final = 0.5
"""Seconds between two looks at the registry: a new bundle must soon be of use."""
TEND_EVERY: Final = 3600.0
"""Seconds between two looks at what gets old: lists, certificates, warnings."""
TELL_EVERY: Final = 60.0
"""Seconds between two lines about what was refused meanwhile."""
LONGEST_PAUSE: Final = 30.0

log = logging.getLogger("provisioning")


class Server:
    """The loop's work. `connect` makes a connection, not made yet; `warnings` what runs out."""

    def __init__(
        self,
        office: Office,
        connect: Callable[[datetime], Connection],
        warnings: Callable[[datetime], list[str]],
        *,
        utc: Callable[[], datetime],
        wait: Callable[[float], None] = time.sleep,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._office, self._connect, self._warnings = office, connect, warnings
        self._utc, self._wait, self._dice = utc, wait, dice
        self._line: Connection | None = None
        self._failures, self._next_try = 0, 0.0
        self._next_look = self._next_tend = self._next_tell = 0.0
        self._trouble = ""
        self._warned: object = None

    def step(self, now: float) -> None:
        """One turn; `now` in monotonic seconds. It waits at most half a second for work.

        Raises Rotated: this process is of no more use.
        """
        self._chores(now)
        if self._line is None and not self._connected(now):
            return
        assert self._line is not None  # noqa: S101 (just connected)
        self._line.turn(TURN)
        words, self._line.received = self._line.received, []
        for word in words:
            self._answer(self._line, word)
        if not self._line.up:
            self._line = None
            self._tell("the broker has closed the connection: trying again")

    def close(self) -> None:
        """Leaves."""
        if self._line is not None:
            self._line.leave()

    def _connected(self, now: float) -> bool:
        if now < self._next_try:
            self._wait(min(self._next_try - now, TURN))
            return False
        line = self._connect(self._utc())
        why_not = line.connect()
        if why_not or not line.subscribe(topics.all_enrol(), topics.all_requests()):
            self._failures = min(self._failures + 1, 10)
            pause = min(LONGEST_PAUSE, 0.5 * 2**self._failures) * (0.5 + self._dice() / 2)
            self._next_try = now + pause
            self._tell(f"no way to the broker ({why_not or 'it does not answer'}): trying again")
            return False
        self._line, self._failures, self._trouble = line, 0, ""
        log.info("answering requests")
        return True

    def _answer(self, line: Connection, word: Word) -> None:
        try:
            answer = self._office.answer(word, self._utc())
        except Rotated:
            raise
        except OperatorError as error:
            self._tell(str(error))
            return
        if answer is not None:
            line.send(topic_of(word), messages.encode(answer))

    def _chores(self, now: float) -> None:
        if now >= self._next_look:
            tend = now >= self._next_tend
            self._next_look = now + LOOK_EVERY
            self._next_tend = now + TEND_EVERY if tend else self._next_tend
            try:
                self._office.refresh(self._utc(), even_if_unchanged=tend)
                if tend:
                    self._warn(self._utc())
            except Rotated:
                raise
            except OperatorError as error:
                self._tell(str(error))
        if now >= self._next_tell:
            self._next_tell = now + TELL_EVERY
            refused, self._office.refused = self._office.refused, Counter()
            for reason, count in refused.most_common():
                log.info("refused %d times: %s", count, reason)

    def _warn(self, now: datetime) -> None:
        """What runs out: at once when it is new, then once a day."""
        told = self._warnings(now)
        if (now.date(), told) != self._warned:
            self._warned = (now.date(), told)
            for sentence in told:
                log.warning("%s", sentence)

    def _tell(self, sentence: str) -> None:
        """Trouble, once until something works again or it is another."""
        if sentence != self._trouble:
            self._trouble = sentence
            log.warning("%s", sentence)
