"""The trust statement: whom a unit seals to and believes, signed by the root. Reads no file.

It replaces itself by a higher serial alone, so that any of these keys can be rotated while the
root stays offline.
"""

from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

from . import messages, signing
from .event import Positive, Signed, whole
from .messages import Message

TrustedKey = Annotated[str, whole("[0-9a-f]{64}")]
Keys = Annotated[tuple[TrustedKey, ...], msgspec.Meta(max_length=8)]


class Trust(Message, frozen=True, kw_only=True):
    """What the root says of the other keys."""

    serial: Positive
    made: Signed
    """Milliseconds since 1970."""
    sealing: Keys
    """X25519: the federation's and the offline recovery's; every envelope is sealed to each."""
    documents: Keys
    """Ed25519: may sign downlink documents."""
    receipts: Keys
    """Ed25519: may sign receipts."""

    def recipients(self) -> list[X25519PublicKey]:
        """Whom personal fields are sealed to."""
        return [X25519PublicKey.from_public_bytes(bytes.fromhex(key)) for key in self.sealing]

    def document_keys(self) -> signing.Keys:
        """Whose documents are believed."""
        return signing.keyed(*map(_ed25519, self.documents))

    def receipt_keys(self) -> signing.Keys:
        """Whose receipts are believed."""
        return signing.keyed(*map(_ed25519, self.receipts))


def sign(root: Ed25519PrivateKey, trust: Trust) -> bytes:
    """The statement as it travels and is kept."""
    return signing.sign(root, "trust", "", messages.encode(trust))


def read(statement: bytes, root: Ed25519PublicKey) -> Trust:
    """The statement. Raises ProtocolError when it is not the root's, or cannot be used."""
    payload = signing.verify(statement, "trust", "", signing.keyed(root))
    return messages.decode(payload, Trust)


def _ed25519(key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
