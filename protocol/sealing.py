"""Personal fields sealed to keys that are not on the unit, bound to their row. Knows no event.

One content key per event, wrapped with HPKE (RFC 9180) to each recipient; every field under it
with ChaCha20-Poly1305. Unit, epoch, seq and the name of the field are bound in: what is moved
to another row does not open.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Annotated, Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from .errors import ProtocolError
from .event import Key

SUITE: Final = 1
"""X25519, HKDF-SHA256, ChaCha20-Poly1305. A hybrid with ML-KEM-768 will be another number."""
MAX_ENVELOPE: Final = 2048
"""Bytes."""
MAX_FIELD: Final = 200
"""Bytes of one field in clear."""
BLOCK: Final = 16
"""Fields are padded to whole blocks: a length tells less of a name."""

_HPKE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_NO_NONCE = bytes(12)
"""Each field has its own key, used once."""


class SealError(ProtocolError):
    """An envelope that does not open: other key, other row, or changed."""


class Binding(NamedTuple):
    """The row an envelope belongs to: its first key, also after its journal was rotated."""

    unit: str
    key: Key


class Wrap(msgspec.Struct, frozen=True, array_like=True):
    """The content key for one recipient."""

    recipient: Annotated[bytes, msgspec.Meta(min_length=8, max_length=8)]
    """`key_id` of its public key."""
    wrapped: Annotated[bytes, msgspec.Meta(max_length=128)]


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    """What is kept and sent, as MessagePack."""

    suite: int
    wraps: Annotated[tuple[Wrap, ...], msgspec.Meta(max_length=8)]
    fields: Annotated[dict[str, bytes], msgspec.Meta(max_length=8)]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Envelope)


def key_id(public: bytes) -> bytes:
    """Eight bytes that name a public key given raw."""
    return blake2b(public, digest_size=8).digest()


def digest(envelope: bytes) -> str:
    """What the body of the event says of its envelope: 16 bytes in hex."""
    return blake2b(envelope, digest_size=16).hexdigest()


def seal(
    fields: Mapping[str, str], recipients: Sequence[X25519PublicKey], binding: Binding
) -> bytes:
    """The envelope of these fields. Raises SealError: a field that is too long, nobody's key."""
    if not recipients:
        raise SealError("there is nobody to seal to")
    secret = os.urandom(32)
    wraps = tuple(
        Wrap(key_id(key.public_bytes_raw()), seal_bytes(secret, key, _told(binding)))
        for key in recipients
    )
    sealed = {
        name: _cipher(secret, name).encrypt(_NO_NONCE, _padded(name, text), _told(binding, name))
        for name, text in fields.items()
    }
    return _encoder.encode(Envelope(SUITE, wraps, sealed))


def open_envelope(
    envelope: bytes, keys: Iterable[X25519PrivateKey], binding: Binding
) -> dict[str, str]:
    """The fields in clear, with whichever key is a recipient's. Raises SealError."""
    read = decode(envelope)
    secret = _unwrapped(read, keys, binding)
    try:
        return {
            name: _unpadded(_cipher(secret, name).decrypt(_NO_NONCE, data, _told(binding, name)))
            for name, data in read.fields.items()
        }
    except InvalidTag as error:
        raise SealError("a sealed field was changed or moved") from error


def decode(envelope: bytes) -> Envelope:
    """The envelope's parts, still sealed. Raises SealError."""
    if len(envelope) > MAX_ENVELOPE:
        raise SealError(f"an envelope of {len(envelope)} bytes, {MAX_ENVELOPE} is the most")
    try:
        read = _decoder.decode(envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SealError(f"not an envelope: {error}") from error
    if read.suite != SUITE:
        raise SealError(f"sealed with suite {read.suite}, this software knows {SUITE}")
    return read


def seal_bytes(plain: bytes, public: X25519PublicKey, info: bytes) -> bytes:
    """Anything, to one key, bound to `info`: such as a roster to the day key.

    Raises SealError for a point that is nobody's key: whoever names one must stop no others.
    """
    try:
        return _HPKE.encrypt(plain, public, info=info)
    except ValueError as error:
        raise SealError("it is nobody's key, nothing can be sealed to it") from error


def open_bytes(sealed: bytes, private: X25519PrivateKey, info: bytes) -> bytes:
    """The inverse. Raises SealError."""
    try:
        return _HPKE.decrypt(sealed, private, info=info)
    except (InvalidTag, ValueError) as error:
        raise SealError("sealed to another key, or changed") from error


def _unwrapped(read: Envelope, keys: Iterable[X25519PrivateKey], binding: Binding) -> bytes:
    by_id = {key_id(key.public_key().public_bytes_raw()): key for key in keys}
    for wrap in read.wraps:
        key = by_id.get(wrap.recipient)
        if key is not None:
            secret = open_bytes(wrap.wrapped, key, _told(binding))
            if len(secret) != 32:
                raise SealError("a content key of a wrong length")
            return secret
    raise SealError("sealed to other keys than the one given")


def _cipher(secret: bytes, name: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(blake2b(name.encode(), key=secret, digest_size=32).digest())


def _told(binding: Binding, name: str = "") -> bytes:
    epoch, seq = binding.key.epoch, binding.key.seq
    return f"escale seal {SUITE}|{binding.unit}|{epoch}|{seq}|{name}".encode()


def _padded(name: str, text: str) -> bytes:
    plain = text.encode()
    if len(plain) > MAX_FIELD:
        raise SealError(f"{name} has {len(plain)} bytes, {MAX_FIELD} is the most")
    return plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK)


def _unpadded(padded: bytes) -> str:
    plain, mark, _ = padded.rpartition(b"\x80")
    try:
        return plain.decode() if mark else ""
    except UnicodeDecodeError as error:
        raise SealError("a sealed field is no text") from error
