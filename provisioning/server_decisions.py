"""Which answer a request for a certificate gets. Pure: the registry's state and a message in.

Every reason is one plain sentence without anything the asker did not know: it is shown on board.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import certificates, enrolment, messages, signing, topics
from protocol.certificates import BOOTSTRAP
from protocol.enrolment import Answer, EnrolRequest, RenewRequest
from protocol.errors import ProtocolError

from .connection import Word
from .state import Certificate, State

Proof = Literal["code", "approval", "renewal"]

LIFE: Final = timedelta(days=enrolment.LIFE_DAYS)
MAX_A_DAY: Final = 10
"""Certificates for one unit: enough for any mishap, too few to fill a disk."""
MAX_REQUEST: Final = 16 * 1024


class Issue(NamedTuple):
    """A certificate is to be made."""

    unit: str
    key: Ed25519PublicKey
    request: str
    """`enrolment.request_digest`."""
    proof: Proof
    bootstrap: Ed25519PublicKey | None
    """Whose certificate is to be made anew beside it."""


class Again(NamedTuple):
    """The same request as before: it gets the same answer, as often as it is asked."""

    unit: str
    held: Certificate
    bootstrap: bytes
    """DER, or empty."""


class Say(NamedTuple):
    """Nothing is made; this is answered."""

    unit: str
    answer: Answer
    asked: bool = False
    """It waits for an approval from now on, which is to be kept."""


class Ignore(NamedTuple):
    """It cannot be answered: nobody registered said it, or there is nothing to refer to."""

    reason: str


Decision = Issue | Again | Say | Ignore


class Refused(Exception):
    """One plain sentence."""


def decide(known: State, word: Word, code: bytes | None, now: datetime) -> Decision:
    """`code`: what is kept of the unit's code (`enrolment.code_key`), while it is unused."""
    try:
        unit, enrolling = _speaker(word.topic)
        if unit not in known.units:
            return Ignore("no such unit")
        if len(word.payload) > MAX_REQUEST:
            return Ignore("too large")
        asked = _request(word.payload, enrolling=enrolling)
    except ProtocolError:
        return Ignore("unreadable")
    digest = enrolment.request_digest(asked.request)
    try:
        held = known.answering(unit, digest)
        if held is not None:
            return _again(known, unit, held, now)
        key = _new_key(known, unit, asked.request, now)
        if isinstance(asked, EnrolRequest):
            proof = _enrolling(known, unit, asked, code)
        else:
            proof = _renewing(known, unit, word.payload, now)
    except Refused as refusal:
        return Say(unit, Answer(request=digest, outcome="refused", reason=str(refusal)))
    if proof is None:
        waits = Answer(request=digest, outcome="waiting", reason="a person must approve it")
        return Say(unit, waits, asked=not known.units[unit].asked)
    return Issue(unit, key, digest, proof, _bootstrap(known, unit))


def topic_of(word: Word) -> str:
    """Where a request is answered. Raises ProtocolError."""
    unit, enrolling = _speaker(word.topic)
    return topics.enrol(unit, "answer") if enrolling else topics.down(unit, "certificate")


def _speaker(topic: str) -> tuple[str, bool]:
    if topic.startswith(f"{topics.ROOT}/enrol/"):
        address, enrolling = topics.parse_enrol(topic), True
    else:
        address, enrolling = topics.parse_up(topic), False
    if address.what != "request":
        raise ProtocolError(f"{topic!r} carries no request")
    return address.unit, enrolling


def _request(payload: bytes, *, enrolling: bool) -> EnrolRequest | RenewRequest:
    if enrolling:
        return messages.decode(payload, EnrolRequest)
    return messages.decode(signing.read(payload).payload, RenewRequest)


def _again(known: State, unit: str, held: Certificate, now: datetime) -> Again:
    if held.serial in known.revoked:
        raise Refused("the certificate for this request was revoked")
    if now >= held.not_after:
        raise Refused("the certificate for this request has run out")
    good = [one for one in known.good(BOOTSTRAP + unit, now) if one.authority == held.authority]
    return Again(unit, held, good[-1].der if good else b"")


def _new_key(known: State, unit: str, request: bytes, now: datetime) -> Ed25519PublicKey:
    try:
        key = certificates.read_request(request, unit)
    except ProtocolError as error:
        raise Refused("it is no request of this unit's, signed by its own new key") from error
    held = [known.certificates[serial] for serial in known.names.get(unit, ())]
    if any(_key(one) == key for one in held):
        raise Refused("this key had a certificate before: a new one is needed each time")
    if sum(one.not_after > now + LIFE - timedelta(days=1) for one in held) >= MAX_A_DAY:
        raise Refused(f"{unit} was given {MAX_A_DAY} certificates today: tomorrow again")
    return key


def _enrolling(known: State, unit: str, asked: EnrolRequest, code: bytes | None) -> Proof | None:
    """How it is proved; None: a person must approve it."""
    if asked.proof:
        if code is None or not known.units[unit].code_open:
            raise Refused("its code was used or replaced: a new bundle is needed")
        if not enrolment.proves(code, asked):
            raise Refused("this is not its code: type it again")
        return "code"
    if not asked.former:
        raise Refused("it has neither a code nor a former certificate")
    former = next(
        (
            one
            for serial in known.names.get(unit, ())
            if (one := known.certificates[serial]).der == asked.former
        ),
        None,
    )
    if former is None or former.serial in known.revoked:
        raise Refused("its former certificate counts no more: a new bundle is needed")
    _check_signed(unit, asked.renewal, asked.request, [former])
    return "approval" if known.units[unit].approved else None


def _renewing(known: State, unit: str, message: bytes, now: datetime) -> Proof:
    request = _request(message, enrolling=False).request
    _check_signed(unit, message, request, known.good(unit, now))
    return "renewal"


def _check_signed(unit: str, message: bytes, request: bytes, by: Sequence[Certificate]) -> None:
    """The request must be signed by the key of one of those certificates."""
    try:
        payload = signing.verify(message, "renewal", unit, signing.keyed(*map(_key, by)))
        if messages.decode(payload, RenewRequest).request == request:
            return
    except ProtocolError:
        pass
    raise Refused("the key of its certificate did not sign this request")


def _bootstrap(known: State, unit: str) -> Ed25519PublicKey | None:
    latest = known.latest(BOOTSTRAP + unit)
    return None if latest is None or latest.serial in known.revoked else _key(latest)


def _key(certificate: Certificate) -> Ed25519PublicKey:
    key = certificates.read(certificate.der).public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError(f"certificate {certificate.serial:x} has a key of another kind than ours")
    return key
