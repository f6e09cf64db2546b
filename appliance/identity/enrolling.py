"""How a unit without a valid certificate comes by one: what it asks, when, what came of it.

Proved by the typed code, or by a certificate that has run out and then a person's approval.
Talks to nobody: `exchange.py` does.
"""

import logging
from pathlib import Path
from typing import Final, Literal

from protocol import certificates, enrolment, messages
from protocol.enrolment import EnrolRequest
from protocol.errors import ProtocolError

from ..errors import OperatorError
from . import answers, files, pending, store
from .answers import Issued, NotYet
from .store import Identity
from .trusted import TrustStore

ANSWER_WITHIN: Final = 30.0
"""Seconds until the same is asked again."""
WAIT: Final = 3600.0
"""Seconds between two asks while a person has to approve."""
REFUSED_PAUSE: Final = 24 * 3600.0
"""Seconds after a refusal: an unsigned one must not be for ever."""
UNPROVED = "this unit has nothing to be enrolled by: give it its bundle and code (escale enrol)"

_DAMAGED: Final = b"damaged"

State = Literal["asking", "waiting", "refused", "issued"]

log = logging.getLogger("identity")


def needed(data: Path, utc: int | None) -> bool:
    """Whether the unit has no certificate to connect with at `utc`, milliseconds since 1970.

    A damaged one is none.
    """
    try:
        identity = store.load(data)
    except OperatorError:
        return True
    return identity is None or (utc is not None and identity.until <= utc)


class Enrolment:
    """One unit's request until it is answered. Starts again from its files at any instant.

    Everything raises OperatorError when the card takes nothing or says what it should not.
    """

    def __init__(self, data: Path, unit: str) -> None:
        self.state: State = "asking"
        self.why = ""
        """One sentence when it waits or was refused."""
        self._data, self._unit = data, unit
        self._trust = TrustStore(data)
        self._before = _der(data)
        self._seen: object = None
        self._ask_at = float("-inf")

    def look(self) -> None:
        """Notices what was done beside it: another process enrolled the unit, or typed a code."""
        seen = self._files()
        if seen == self._seen:
            return
        self._seen = seen
        if _der(self._data) not in (self._before, _DAMAGED):
            self.state, self.why = "issued", ""
        elif self._proved() is not None:
            self.state, self.why, self._ask_at = "asking", "", float("-inf")

    def wants_line(self, now: float) -> bool:
        """Whether there is anything to ask or to hear."""
        return self.state in ("asking", "waiting") or (
            self.state == "refused" and now >= self._ask_at
        )

    def new_line(self) -> None:
        """What was asked on the former line may be lost: it is asked again on this one."""
        if self.state == "asking":
            self._ask_at = float("-inf")

    def request(self, now: float) -> bytes | None:
        """The payload of enrol/<unit>/request when it is time."""
        if now < self._ask_at or self.state == "issued":
            return None
        self._ask_at = now + ANSWER_WITHIN
        asked = self._proved()
        return None if asked is None else messages.encode(asked)

    def heard(self, payload: bytes, now: float, utc: int) -> None:
        """Takes the answer; what is none changes nothing.

        `utc`: milliseconds since 1970, as the clock says that TLS was checked by.
        """
        if self.state == "issued" or not pending.exists(self._data):
            return  # the answer to what was asked twice
        asked = answers.expected(self._data, self._unit, self._trust)
        try:
            verdict = answers.judge(payload, asked, certificates.at(utc))
        except ProtocolError as error:
            log.warning("an answer to the enrolment was not believed: %s", error)
            return
        if isinstance(verdict, Issued):
            answers.take(self._data, verdict, self._trust, keep=False)
            self.state, self.why = "issued", ""
        else:
            self._told(verdict, now)

    def _told(self, verdict: NotYet, now: float) -> None:
        self.state, self.why = verdict.outcome, verdict.reason or f"enrolment is {verdict.outcome}"
        if verdict.outcome == "waiting":
            self._ask_at = now + WAIT
        else:
            self._ask_at = now + REFUSED_PAUSE
            # A wrong code is of no use; the next one may be typed at any moment.
            files.erase(store.folder(self._data) / store.CODE)
            self._seen = self._files()

    def _proved(self) -> EnrolRequest | None:
        """The request with its proof; None, and refused, when there is nothing to prove it by."""
        request = pending.ensure(self._data, self._unit).request
        code = files.read(store.folder(self._data) / store.CODE)
        if code is not None:
            key = enrolment.code_key(code.decode(errors="replace"), self._unit)
            return EnrolRequest(request=request, proof=enrolment.code_proof(key, request))
        former, why = self._former()
        if former is None:
            self.why = self.why if self.state == "refused" else why
            self.state, self._ask_at = "refused", float("inf")
            return None
        signed = enrolment.renewal(former.key, self._unit, request)
        return EnrolRequest(request=request, former=former.der, renewal=signed)

    def _former(self) -> tuple[Identity | None, str]:
        try:
            return store.load(self._data), UNPROVED
        except OperatorError as error:
            return None, str(error)

    def _files(self) -> object:
        at = store.folder(self._data)
        return files.state(at / store.CERTIFICATE), files.state(at / store.CODE)


def _der(data: Path) -> bytes:
    try:
        identity = store.load(data)
    except OperatorError:
        return _DAMAGED
    return b"" if identity is None else identity.der
