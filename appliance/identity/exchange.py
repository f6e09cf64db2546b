"""The line on which a unit without a certificate asks for one, as its bootstrap certificate.

One connection at a time, driven by `step(now)`, which may block as a session's beginning may.
What is asked and believed is decided in `enrolling.py`, of a spare card in `installing.py`.
"""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from protocol import certificates, topics
from protocol.enrolment import is_spare

from ..config import Broker
from ..errors import OperatorError
from ..uplink.line import Line, News
from ..uplink.session import Session
from . import store
from .enrolling import Enrolment, State
from .installing import Installing

REST: Final = 0.5
"""Seconds between two steps: nobody waits for less here."""
NO_BUNDLE: Final = "this unit has no bundle: escale enrol BUNDLE"
ANOTHER: Final = "if that lasts, give the unit a new bundle (escale-provision bundle)"


class Exchange:
    """From a bundle on the card to a certificate, through the broker."""

    def __init__(
        self,
        data: Path,
        unit: str,
        broker: Broker,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.enrolment = Installing(data) if is_spare(unit) else Enrolment(data, unit)
        self._data, self._unit, self._broker, self._chance = data, unit, broker, chance
        self._line = self._new_line()
        self._heard: list[bytes] = []

    @property
    def state(self) -> State:
        """issued: the unit has an identity now (`store.load`), a spare card a bundle."""
        return self.enrolment.state

    @property
    def why(self) -> str:
        """What to tell a person who waits for it; "" when all goes well."""
        failure = None if self._line.session else self._line.failure
        if self.enrolment.why or failure is None:
            return self.enrolment.why
        return f"{failure}: {ANOTHER}" if failure.unwelcome else str(failure)

    def step(self, now: float, utc: int) -> float:
        """One turn; seconds to rest before the next. Raises OperatorError for the card's faults.

        `utc`: milliseconds since 1970 by the clock that TLS goes by.
        """
        self.enrolment.look()
        if self.enrolment.wants_line(now):
            if self._line.step(now) is News.UP:
                self.enrolment.new_line()
            self._hear(now, utc)
            self._ask(now)
        if not self.enrolment.wants_line(now):
            self.close()
        return REST

    def rest(self, seconds: float) -> float:
        """Sleeps until an answer comes, if there is a line; returns how long to sleep else."""
        return self._line.rest(seconds)

    def close(self) -> None:
        """Leaves the broker; may be called twice, and a step after it comes back."""
        self._line.close()
        self._line = self._new_line()

    def _new_line(self) -> Line:
        return Line(self._connect, self._chance)

    def _hear(self, now: float, utc: int) -> None:
        heard, self._heard = self._heard, []
        for payload in heard:
            self.enrolment.heard(payload, now, utc)

    def _ask(self, now: float) -> None:
        session = self._line.session
        if session is None or not session.room:
            return
        payload = self.enrolment.request(now)
        if payload is not None:
            session.publish(topics.enrol(self._unit, "request"), payload, mark="request")

    def _connect(self, now: float) -> Session:
        identity = store.bootstrap(self._data)
        if identity is None:
            raise OperatorError(NO_BUNDLE)
        return Session(
            self._broker,
            store.tls(self._data, identity),
            name=certificates.BOOTSTRAP + self._unit,
            subscribe=topics.enrol(self._unit, "answer"),
            will=None,
            receive=lambda _, payload: self._heard.append(payload),
            crossed=lambda _: None,
            now=now,
        )
