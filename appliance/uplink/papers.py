"""As whom the uplink speaks: its certificate, the next one in time, the first while it has none.

What is asked, believed and kept is decided in `appliance.identity`; this gives each its turn.
Certificates are judged by the machine's own clock, as TLS is: what GPS told may be of a replay.
"""

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from protocol.enrolment import is_spare

from ..config import UnitConfig
from ..errors import OperatorError
from ..identity import files, store, typed_code
from ..identity.exchange import Exchange
from ..identity.renewal import Renewal
from ..identity.store import Identity
from .backoff import Cause
from .trouble import NotReached

log = logging.getLogger("uplink")

LOOK_EVERY = 0.5
"""Seconds between two looks at the certificate, which another process may have put there."""

BUNDLE_WANTED = "bundle.wanted"
"""Starts escale-bundle.service."""

Utc = Callable[[], int]
"""Milliseconds since 1970."""


def machine_utc() -> int:
    """What the machine's clock says."""
    return time.time_ns() // 1_000_000


class Papers:
    """The unit's identity, in whatever state it is."""

    def __init__(self, config: UnitConfig, utc: Utc, chance: Callable[[], float]) -> None:
        self.shown: Identity | None = None
        """Who this connection speaks as, or the last one: what it sends is signed so."""
        self.changed = False
        """Whether another identity is to be shown: connect again."""
        self._config, self._utc, self._chance = config, utc, chance
        self._data, self._unit = config.paths.data, config.unit.id
        self._certificate = store.folder(self._data) / store.CERTIFICATE
        self._fault = ""
        self._exchange: Exchange | None = None
        self._called = False
        self._look_at = float("-inf")
        self._renewal = self._read()

    def show(self) -> tuple[Identity, ssl.SSLContext]:
        """Who to be on a new connection. Raises NotReached while the unit is nobody."""
        self.changed = False
        renewal = self._good()
        if renewal is None:
            raise NotReached(Cause.NO_ROUTE, self._why_nobody())
        try:
            tls = store.tls(self._data, renewal.identity)
        except OperatorError as error:
            raise NotReached(Cause.NO_ROUTE, str(error)) from error
        self.shown = renewal.identity
        return self.shown, tls

    def step(self, now: float) -> None:
        """Notices a new certificate; while there is none that is good, asks for one."""
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            if files.state(self._certificate) != self._seen:
                self._renewal, self.changed = self._read(), True
            if self._good() is not None:
                typed_code.drop(self._config.paths.run)  # it proves nothing any more
        if self._good() is None:
            self._enrol(now)

    @property
    def enrolment(self) -> str:
        """enrolled; else none (no bundle), asking, waiting (for a person), refused."""
        if self._good() is not None:
            return "enrolled"
        if not (store.folder(self._data) / store.BOOTSTRAP).exists():
            return "none"
        return self._exchange.state if self._exchange else "asking"

    def rest(self, seconds: float) -> float:
        """Sleeps until an answer to the enrolment comes; returns how long to sleep else."""
        return self._exchange.rest(seconds) if self._exchange else seconds

    def request(self, now: float) -> bytes | None:
        """The payload of up/request when it is time: to be published at once."""
        if self._renewal is None:
            return None
        with self._telling():
            return self._renewal.step(now, self._utc())
        return None

    def heard(self, payload: bytes) -> None:
        """What came on down/certificate."""
        if self._renewal is not None:
            with self._telling():
                self.changed = self._renewal.heard(payload) or self.changed
            self._note()

    def worked(self) -> None:
        """The broker let the identity in that was shown."""
        if self._renewal is not None:
            with self._telling():
                self._renewal.worked()
            self._note()

    def unwelcome(self) -> None:
        """The broker did not: after a few times it is shown the one before, if there is one."""
        if self._renewal is not None:
            self._renewal.failed()

    def faults(self) -> Iterator[str]:
        """What somebody should know of the certificate."""
        if self._fault:
            yield self._fault
        if self._renewal is not None and (late := self._renewal.fault(self._utc())):
            yield late

    def close(self) -> None:
        """Leaves the enrolment, if one is under way."""
        if self._exchange is not None:
            self._exchange.close()
            self._exchange = None

    def _good(self) -> Renewal | None:
        """The identity, while its certificate has not run out."""
        renewal = self._renewal
        return renewal if renewal and self._utc() < renewal.identity.until else None

    def _enrol(self, now: float) -> None:
        if self._exchange is None:
            broker = self._config.broker
            self._exchange = Exchange(self._data, self._unit, broker, chance=self._chance)
        with self._telling():
            typed_code.take(self._config.paths.run, self._data)
            self._exchange.step(now, self._utc())
            if self._exchange.state == "issued" and is_spare(self._unit):
                self._call_root()

    def _call_root(self) -> None:
        """A bundle came: what makes this card a unit is not this process's to do."""
        wanted = self._config.paths.run / BUNDLE_WANTED
        if not self._called:
            self._called = True
            wanted.touch()

    def _read(self) -> Renewal | None:
        """Begins anew with what is on the card."""
        self.close()
        self._fault, renewal = "", None
        with self._telling():
            if store.load(self._data) is not None:
                renewal = Renewal(self._data, self._unit, chance=self._chance)
        self._note()
        return renewal

    def _note(self) -> None:
        self._seen = files.state(self._certificate)

    def _why_nobody(self) -> str:
        what = "not enrolled" if self._renewal is None else "this unit's certificate has run out"
        why = self._fault or (self._exchange.why if self._exchange else "")
        return f"{what}: {why}" if why else what

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What a person must mend stops nothing else: it is told as long as it lasts."""
        try:
            yield
        except OperatorError as error:
            self._fault = str(error)
        else:
            self._fault = ""
