"""Signed messages: who said these bytes, for what, and to whom. Knows no message and no file.

A signed message is one byte of format, the id of the key, the Ed25519 signature, and the payload
as it is. Purpose and context are signed with it and do not travel: a batch can never pass for a
document, nor one unit's document for another's.
"""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from .errors import ProtocolError
from .sealing import key_id

FORMAT: Final = 1
OVERHEAD: Final = 1 + 8 + 64
"""Bytes before the payload."""

Purpose = Literal["batch", "receipt", "document", "trust", "renewal", "day"]
Keys = Mapping[bytes, Ed25519PublicKey]
"""`id_of` a public key → the key."""


class NotAuthentic(ProtocolError):
    """Not signed by a key that may say this."""


class Signed(NamedTuple):
    """The parts of a signed message; nothing is proved by reading them."""

    key: bytes
    """`id_of` the key that is said to have signed."""
    signature: bytes
    payload: bytes


def id_of(public: Ed25519PublicKey) -> bytes:
    """Eight bytes that name a key."""
    return key_id(public.public_bytes_raw())


def keyed(*keys: Ed25519PublicKey) -> dict[bytes, Ed25519PublicKey]:
    """Keys by their id."""
    return {id_of(key): key for key in keys}


def sign(private: Ed25519PrivateKey, purpose: Purpose, context: str, payload: bytes) -> bytes:
    """The signed message."""
    signature = private.sign(_told(purpose, context, payload))
    return bytes((FORMAT,)) + id_of(private.public_key()) + signature + payload


def prove(private: Ed25519PrivateKey, purpose: Purpose, context: str, payload: bytes) -> bytes:
    """What stands before the payload in the signed message, when that travels by itself."""
    return sign(private, purpose, context, payload)[:OVERHEAD]


def read(message: bytes) -> Signed:
    """The parts, unproved. Raises NotAuthentic."""
    if len(message) < OVERHEAD or message[0] != FORMAT:
        raise NotAuthentic("it is not signed in a way known here")
    return Signed(message[1:9], message[9:OVERHEAD], message[OVERHEAD:])


def verify(message: bytes, purpose: Purpose, context: str, keys: Keys) -> bytes:
    """The payload. Raises NotAuthentic."""
    signed = read(message)
    key = keys.get(signed.key)
    if key is None:
        raise NotAuthentic(f"it is signed with a key that is not known here ({signed.key.hex()})")
    try:
        key.verify(signed.signature, _told(purpose, context, signed.payload))
    except InvalidSignature as error:
        raise NotAuthentic("its signature is wrong") from error
    return signed.payload


def _told(purpose: Purpose, context: str, payload: bytes) -> bytes:
    about = context.encode()
    return b"escale %b %d\0%d:%b%b" % (purpose.encode(), FORMAT, len(about), about, payload)
