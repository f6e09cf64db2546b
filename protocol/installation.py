"""How a spare card becomes a unit by a typed code: what it asks for, and the bundle it is given.

A code cannot carry whom to believe: a spare card knows that already, from a bundle of its own. The
unit's bundle is closed with the code and lies at the federation, which can neither read nor change
it; whoever hands it on, the broker too, gives exactly what the coordinator made, or nothing.
"""

import hashlib
from typing import Annotated, Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from . import enrolment, messages
from .enrolment import Bundle
from .errors import ProtocolError
from .event import whole
from .messages import Message

SPARE_DAYS: Final = 730
"""Of the certificate of a card in a drawer: nobody switches it on to renew it."""
_SALT: Final = b"escale installation 1"
_NONCE: Final = bytes(12)
"""Each key closes one bundle: a new code is drawn for each."""

CodeName = Annotated[str, whole("[0-9a-f]{32}")]
Closed = Annotated[bytes, msgspec.Meta(max_length=48 * 1024)]


class Keys(NamedTuple):
    """What a code is good for; neither tells the code, and the name does not tell the key."""

    name: str
    """Under which the bundle is asked for."""
    key: bytes


class InstallRequest(Message, frozen=True, kw_only=True):
    """enrol/<spare>/request."""

    name: CodeName


class Installation(Message, frozen=True, kw_only=True):
    """enrol/<spare>/answer: a bundle, closed; or none, and why."""

    name: CodeName
    bundle: Closed = b""
    reason: str = ""


def keys(code: str) -> Keys:
    """Of a code in its one spelling (`enrolment.typed`). Takes a moment: each guess would."""
    drawn = hashlib.scrypt(
        code.encode(), salt=_SALT, n=2**14, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=48
    )
    return Keys(drawn[:16].hex(), drawn[16:])


def close(bundle: Bundle, code: str) -> Installation:
    """The bundle as it lies at the federation and travels."""
    drawn = keys(code)
    content = messages.encode(bundle)
    closed = ChaCha20Poly1305(drawn.key).encrypt(_NONCE, content, drawn.name.encode())
    return Installation(name=drawn.name, bundle=closed)


def open_bundle(told: Installation, drawn: Keys) -> bytes:
    """The bundle's file. Raises ProtocolError: it was not closed with that code."""
    try:
        content = ChaCha20Poly1305(drawn.key).decrypt(_NONCE, told.bundle, drawn.name.encode())
    except InvalidTag as error:
        raise ProtocolError("what was sent was not closed with this code") from error
    enrolment.read_bundle(content)
    return content
