"""The next certificate before this one ends, over the unit's own line: when, with what, and back.

A new key each time. What it was before is kept until a connection with the new one worked.
"""

import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Final

from protocol import certificates, enrolment
from protocol.errors import ProtocolError

from ..errors import OperatorError
from . import answers, pending, store
from .answers import Issued
from .enrolling import WAIT
from .store import Identity
from .trusted import TrustStore

SPREAD: Final = 1800.0
"""Seconds: 52 units that all begin their day at eight do not all ask at once."""
ASK_EVERY: Final = 600.0
"""Seconds between two asks that nobody answers."""
REFUSED_PAUSE: Final = 6 * 3600.0
TRIES: Final = 3
"""Connections that the broker ends before the other identity is tried."""
LATE_DAYS: Final = 21
"""Left of `enrolment.LIFE_DAYS` when somebody should be told that it was not renewed."""

log = logging.getLogger("identity")


def due_at(identity: Identity) -> int:
    """When the next certificate is asked for: a third of this one's own life before its end.

    Milliseconds since 1970.
    """
    return _left(identity, enrolment.RENEW_DAYS)


class Renewal:
    """The identity in use, and the one that comes after it."""

    def __init__(
        self, data: Path, unit: str, *, chance: Callable[[], float] = random.random
    ) -> None:
        """Raises OperatorError when the unit has no identity, or a damaged one."""
        store.settle(data, former=True)
        self.why = ""
        """Why there is no next certificate though it was asked for."""
        self._data, self._unit, self._chance = data, unit, chance
        self._trust = TrustStore(data)
        self.identity = self._load()
        """Who to connect and sign as."""
        self._other = store.former(data)
        """The one before, until this one has worked; or this one, while that one is tried."""
        self._ask_at: float | None = None
        self._failures = 0
        self._now = 0.0
        self._utc: int | None = None

    def step(self, now: float, utc: int | None) -> bytes | None:
        """Payload of up/request when it is time; ask when connected and with room to publish.

        `utc`: milliseconds since 1970, None when it is not known: then nothing is asked.
        Raises OperatorError when the card takes nothing.
        """
        self._now, self._utc = now, utc
        proved = self._other is None
        if utc is None or not proved or not due_at(self.identity) <= utc < self.identity.until:
            return None
        if self._ask_at is None:
            self._ask_at = now + self._chance() * SPREAD
        if now < self._ask_at:
            return None
        self._ask_at = now + ASK_EVERY
        waiting = pending.ensure(self._data, self._unit)
        return enrolment.renewal(self.identity.key, self._unit, waiting.request)

    def heard(self, payload: bytes) -> bool:
        """Takes what came on down/certificate; True: connect again, as the new `identity`.

        What fits no request of this unit changes nothing. Raises OperatorError.
        """
        if self._utc is None or self._other is not None or not pending.exists(self._data):
            return False
        asked = answers.expected(self._data, self._unit, self._trust)
        try:
            verdict = answers.judge(payload, asked, certificates.at(self._utc))
        except ProtocolError as error:
            log.warning("an answer to the renewal was not believed: %s", error)
            return False
        if not isinstance(verdict, Issued):
            self.why = verdict.reason or f"renewal is {verdict.outcome}"
            self._ask_at = self._now + (WAIT if verdict.outcome == "waiting" else REFUSED_PAUSE)
            return False
        answers.take(self._data, verdict, self._trust, keep=True)
        # By the files as they are called now.
        self.identity, self._other = self._load(), store.former(self._data)
        self.why, self._ask_at, self._failures = "", None, 0
        return True

    def worked(self) -> None:
        """A connection as `identity` stands: the other one is over. Raises OperatorError."""
        self._failures = 0
        if self._other is None:
            return
        newest = store.load(self._data)
        if newest is not None and newest.der == self.identity.der:
            store.settle(self._data, former=False)
        else:
            store.fall_back(self._data)
            self.why = "the new certificate was not let in: the former one is in use again"
        self.identity, self._other = self._load(), None

    def failed(self) -> bool:
        """The broker ended a connection as `identity`; True: try as the other one now."""
        self._failures += 1
        if self._other is None or self._failures % TRIES:
            return False
        self.identity, self._other = self._other, self.identity
        return True

    def fault(self, utc: int | None) -> str:
        """What somebody should know of the certificate's end; "" when all is well."""
        if utc is None or utc < _left(self.identity, LATE_DAYS):
            return ""
        ends = certificates.at(self.identity.until)
        why = self.why or "nobody answered"
        return f"the certificate ends on {ends:%Y-%m-%d} and is not renewed: {why}"

    def _load(self) -> Identity:
        identity = store.load(self._data)
        if identity is None:
            raise OperatorError("this unit is not enrolled: escale enrol BUNDLE")
        return identity


def _left(identity: Identity, days: int) -> int:
    """When so many days out of `enrolment.LIFE_DAYS` are left, scaled to this one's life."""
    begins = int(identity.certificate.not_valid_before_utc.timestamp() * 1000)
    return identity.until - (identity.until - begins) * days // enrolment.LIFE_DAYS
