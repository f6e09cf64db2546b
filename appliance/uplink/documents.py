"""Downlink documents: desired state with a revision, taken or refused with a reason.

Decides on bytes. Believes a signature alone, never the broker that passed it on.
"""

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import messages, signing, trust
from protocol.documents import BODIES, TRUST
from protocol.errors import ProtocolError
from protocol.messages import MAX_DOCUMENT, Document
from protocol.signing import Keys, NotAuthentic
from protocol.trust import Trust

KINDS = (*BODIES, TRUST)


class Refused(msgspec.Struct, frozen=True):
    """Why a document is not taken."""

    revision: int
    """0 when it does not say its own, or nobody whom we believe says it."""
    reason: str
    authentic: bool = True
    """Whether the federation did send it."""


def judge(
    message: bytes, *, kind: str, unit: str, held: int, keys: Keys, former: int = 0
) -> Document | Refused | None:
    """The document to apply, why not, or None when what is held is as new.

    `former`: revision of what is held by the word of a key that counts no more.
    """
    try:
        payload = signing.verify(message, "document", f"{unit} {kind}", keys)
    except NotAuthentic as error:
        # A key was changed, and the broker still keeps what the former one signed: no news.
        stale = 0 < _claimed(message) <= max(held, former)
        return None if stale else Refused(0, str(error), authentic=False)
    if len(payload) > MAX_DOCUMENT:
        return Refused(0, f"{len(payload)} bytes, {MAX_DOCUMENT} is the most")
    try:
        document = messages.decode(payload, Document)
    except ProtocolError as error:
        return Refused(0, str(error))
    if document.revision <= held:
        return None
    reason = _fault(document, kind, unit)
    return Refused(document.revision, reason) if reason else document


def judge_trust(statement: bytes, *, root: Ed25519PublicKey, held: int) -> Trust | Refused | None:
    """The same of a trust statement, whose revision is its serial: the root alone signs it."""
    try:
        told = trust.read(statement, root)
    except NotAuthentic as error:
        return Refused(0, str(error), authentic=False)
    except ProtocolError as error:
        return Refused(0, str(error))
    return told if told.serial > held else None


def _claimed(message: bytes) -> int:
    """The revision that nobody proves; 0 when none is claimed."""
    try:
        return messages.decode(signing.read(message).payload, Document).revision
    except ProtocolError:
        return 0


def _fault(document: Document, kind: str, unit: str) -> str:
    if document.unit != unit:
        return f"it is for the unit {document.unit}"
    if document.kind != kind:
        return f"it says that it is of kind {document.kind}"
    if kind not in BODIES:
        return f"no such kind here (known: {', '.join(BODIES)})"
    try:
        msgspec.convert(document.body, BODIES[kind])
    except msgspec.ValidationError as error:
        return str(error)
    return ""
