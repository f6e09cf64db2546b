"""Private keys as PEM, open or closed with a passphrase: the one way to write and read them.

PKCS #8 as OpenSSL writes it stretches a passphrase with 2,048 rounds of PBKDF2, a morning's work
for a thief. So its password here is the hex of an Argon2id of the passphrase, whose salt stands
in a line before the PEM block: any Argon2 and any OpenSSL open it in twenty years. Asks nobody.
"""

import re
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from .errors import ProtocolError

PrivateKey = Ed25519PrivateKey | X25519PrivateKey

_SALT = re.compile(rb"Argon2id t=3 m=65536 p=1 salt=([0-9a-f]{32})\n")


class KeyStaysClosed(ProtocolError):
    """Another passphrase, or no key of this project's."""


def close(key: PrivateKey, passphrase: str, salt: bytes) -> bytes:
    """The key as encrypted PEM; `salt`: 16 random bytes."""
    told = b"Argon2id t=3 m=65536 p=1 salt=%b\n" % salt.hex().encode()
    how = BestAvailableEncryption(_stretched(passphrase, salt))
    return told + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def leave_open(key: PrivateKey) -> bytes:
    """The key as PEM that needs no passphrase."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def read(pem: bytes, passphrase: str | None = None) -> PrivateKey:
    """A key, closed by `close` or by OpenSSL itself, or left open. Raises KeyStaysClosed."""
    match = _SALT.match(pem)
    password = passphrase.encode() if passphrase is not None else None
    if match and passphrase is not None:
        password = _stretched(passphrase, bytes.fromhex(match[1].decode()))
    try:
        key = load_pem_private_key(pem[match.end() :] if match else pem, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyStaysClosed(f"it does not open: {error}") from error
    if not isinstance(key, PrivateKey):
        raise KeyStaysClosed("it is neither an Ed25519 nor an X25519 key")
    return key


def is_closed(pem: bytes) -> bool:
    """Whether a passphrase is needed."""
    return b"ENCRYPTED PRIVATE KEY" in pem


@lru_cache(maxsize=8)
def _stretched(passphrase: str, salt: bytes) -> bytes:
    """RFC 9106's second choice: 64 MiB, about 0.3 s. Keys closed together share a salt."""
    argon = Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=64 * 1024)
    return argon.derive(passphrase.encode()).hex().encode()
