"""What comes back for a request, and whether it is what was asked for. Believes no broker.

A certificate proves itself; that something was refused proves nothing, and is only told.
"""

from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import certificates, enrolment, messages
from protocol.enrolment import Answer
from protocol.errors import ProtocolError

from . import files, pending, store
from .trusted import DEVICES, TrustStore, pem

LONGEST = 16 * 1024
"""Bytes: two certificates in base64, and a reason."""


class Asked(NamedTuple):
    """What the right answer must fit."""

    unit: str
    request: bytes
    key: Ed25519PublicKey
    """Of the request."""
    bootstrap: Ed25519PublicKey | None
    """Whose certificate may be made anew beside it."""
    devices: x509.Certificate
    """Who may issue either: this one,"""
    root: x509.Certificate
    """or another that the root vouches for."""


class Issued(NamedTuple):
    """What was asked for."""

    certificate: x509.Certificate
    bootstrap: x509.Certificate | None
    devices: x509.Certificate
    """Who issued them."""


class NotYet(NamedTuple):
    """No certificate: a person is waited for, or has refused."""

    outcome: Literal["waiting", "refused"]
    reason: str
    """One line, as the federation says."""


def expected(data: Path, unit: str, trust: TrustStore) -> Asked:
    """What the answer to the request under way must fit. Raises OperatorError."""
    waiting = pending.ensure(data, unit)
    bootstrap = store.bootstrap(data)
    key = None if bootstrap is None else bootstrap.key.public_key()
    public = waiting.key.public_key()
    return Asked(unit, waiting.request, public, key, trust.devices(), trust.root_certificate())


def judge(payload: bytes, asked: Asked, now: datetime) -> Issued | NotYet:
    """What the answer means. Raises ProtocolError when it is none to this request."""
    if len(payload) > LONGEST:
        raise ProtocolError(f"an answer of {len(payload)} bytes, {LONGEST} is the most")
    answer = messages.decode(payload, Answer)
    if answer.request != enrolment.request_digest(asked.request):
        raise ProtocolError("an answer to another request")
    if answer.outcome != "issued":
        return NotYet(answer.outcome, _one_line(answer.reason))
    devices = _issuer(answer, asked, now)
    leaf = _checked(answer.certificate, asked.key, asked.unit, devices, now)
    if not answer.bootstrap:
        return Issued(leaf, None, devices)
    if asked.bootstrap is None:
        raise ProtocolError("a bootstrap certificate for a unit that has no key for it")
    name = certificates.BOOTSTRAP + asked.unit
    renewed = _checked(answer.bootstrap, asked.bootstrap, name, devices, now)
    return Issued(leaf, renewed, devices)


def take(data: Path, issued: Issued, trust: TrustStore, *, keep: bool) -> None:
    """Becomes who the certificate says. Raises OperatorError when the card takes nothing."""
    devices = issued.devices
    if devices != trust.devices():
        files.write(trust.folder / DEVICES, pem(devices), files.SHARED)
    if issued.bootstrap is not None:
        # First: with the old one and the new one alike, the unit can ask again.
        path = store.folder(data) / store.BOOTSTRAP
        files.write(path, pem(issued.bootstrap) + pem(devices))
    store.adopt(data, pem(issued.certificate) + pem(devices), keep=keep)


def _issuer(answer: Answer, asked: Asked, now: datetime) -> x509.Certificate:
    if not answer.authority:
        return asked.devices
    authority = certificates.read(answer.authority)
    if authority != asked.devices:
        certificates.check_authority(authority, asked.root, now=now)
    return authority


def _checked(
    der: bytes, key: Ed25519PublicKey, name: str, devices: x509.Certificate, now: datetime
) -> x509.Certificate:
    leaf = certificates.read(der)
    if certificates.check(leaf, devices, name=name, now=now) != key:
        raise ProtocolError(f"a certificate of {name} for another key than the one that asked")
    return leaf


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text[:200]).strip()
