"""A parcel: what a unit would say over the network, sealed in a file that is carried by hand.

The messages are the very ones the broker would see, signed as there; around them a content key
wrapped to each of the federation's keys, so that whoever finds the stick reads nothing. Knows no
stick and no journal.

The file: a line that names the format, the head (length, MessagePack), then frames (length,
ChaCha20-Poly1305 bound to the head). A frame's number and whether it is the last are its nonce:
none can be left out, moved or cut off unseen.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, BinaryIO, Final, Literal, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from . import sealing
from .errors import ProtocolError
from .event import whole
from .messages import MAX_BATCH
from .sealing import Wrap
from .topics import UNIT_ID

MAGIC: Final = b"escale parcel 1\n"
MAX_HEAD: Final = 2048
"""Bytes."""
MAX_FRAME: Final = MAX_BATCH + 1024
"""Bytes: one message, and what stands around it."""


class Message(msgspec.Struct, frozen=True, array_like=True):
    """What would have gone to the broker, or with a birth."""

    what: Literal["certificate", "batch"]
    payload: Annotated[bytes, msgspec.Meta(max_length=MAX_BATCH)]
    """A certificate as DER; a batch as it is signed."""
    rows: Annotated[str, msgspec.Meta(max_length=120)] = ""
    """The property of a batch (protocol.header)."""


class Head(msgspec.Struct, frozen=True, array_like=True):
    """In clear: whose it is, and for whom."""

    unit: Annotated[str, whole(UNIT_ID.pattern)]
    wraps: Annotated[tuple[Wrap, ...], msgspec.Meta(max_length=8)]


class Parcel(NamedTuple):
    """One that was opened."""

    unit: str
    messages: Iterator[Message]
    """Read as they are asked for; raises ProtocolError where it is damaged or cut off."""


_encoder = msgspec.msgpack.Encoder()
_head = msgspec.msgpack.Decoder(Head)
_message = msgspec.msgpack.Decoder(Message)


def write(
    file: BinaryIO, unit: str, recipients: Sequence[X25519PublicKey], messages: Iterable[Message]
) -> int:
    """Seals the messages to the recipients; how many there were. Raises SealError."""
    secret = os.urandom(32)
    wraps = tuple(
        Wrap(
            sealing.key_id(key.public_bytes_raw()), sealing.seal_bytes(secret, key, _bound_to(unit))
        )
        for key in recipients
    )
    if not wraps:
        raise sealing.SealError("there is nobody to seal to")
    head = _encoder.encode(Head(unit, wraps))
    file.write(MAGIC + _framed(head))
    cipher, count = ChaCha20Poly1305(secret), 0
    for message in messages:
        plain = _encoder.encode(message)
        file.write(_framed(cipher.encrypt(_nonce(count, last=False), plain, head)))
        count += 1
    file.write(_framed(cipher.encrypt(_nonce(count, last=True), b"", head)))
    return count


def read(file: BinaryIO, keys: Iterable[X25519PrivateKey]) -> Parcel:
    """Opens a parcel with whichever key is a recipient's. Raises SealError, ProtocolError."""
    if file.read(len(MAGIC)) != MAGIC:
        raise ProtocolError("it is not a parcel that this software knows")
    told = _frame(file, MAX_HEAD)
    try:
        head = _head.decode(told)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ProtocolError(f"its head is damaged: {error}") from error
    return Parcel(head.unit, _messages(file, ChaCha20Poly1305(_secret(head, keys)), told))


def _messages(file: BinaryIO, cipher: ChaCha20Poly1305, head: bytes) -> Iterator[Message]:
    count = 0
    while True:
        sealed = _frame(file, MAX_FRAME)
        plain = _opened(cipher, _nonce(count, last=False), sealed, head)
        if plain is None:
            break
        try:
            yield _message.decode(plain)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ProtocolError(f"message {count} is none: {error}") from error
        count += 1
    if _opened(cipher, _nonce(count, last=True), sealed, head) is None or file.read(1):
        raise ProtocolError(f"it is damaged after {count} messages")


def _opened(cipher: ChaCha20Poly1305, nonce: bytes, sealed: bytes, head: bytes) -> bytes | None:
    try:
        return cipher.decrypt(nonce, sealed, head)
    except InvalidTag:
        return None


def _secret(head: Head, keys: Iterable[X25519PrivateKey]) -> bytes:
    by_id = {sealing.key_id(key.public_key().public_bytes_raw()): key for key in keys}
    for wrap in head.wraps:
        key = by_id.get(wrap.recipient)
        if key is not None:
            secret = sealing.open_bytes(wrap.wrapped, key, _bound_to(head.unit))
            if len(secret) != 32:
                raise sealing.SealError("a content key of a wrong length")
            return secret
    raise sealing.SealError("it is sealed to other keys than the one given")


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(4) + content


def _frame(file: BinaryIO, most: int) -> bytes:
    size = int.from_bytes(file.read(4))
    content = file.read(size) if size <= most else b""
    if len(content) != size or not size:
        raise ProtocolError("it is cut off: the stick was taken out too early, or it is damaged")
    return content


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11) + bytes([last])


def _bound_to(unit: str) -> bytes:
    return f"escale parcel 1|{unit}".encode()
