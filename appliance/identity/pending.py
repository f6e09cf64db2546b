"""The key and request that wait for their certificate: asking twice is asking for the same.

Each certificate has a key of its own, made here; only the request ever leaves.
"""

from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import certificates, closed_keys
from protocol.errors import ProtocolError

from . import files, store


class Pending(NamedTuple):
    """What is asked for, until it comes."""

    key: Ed25519PrivateKey
    request: bytes
    """PKCS #10, DER."""


def exists(data: Path) -> bool:
    """Whether a certificate is being waited for."""
    return store.read_key(store.folder(data) / store.NEXT_KEY) is not None


def ensure(data: Path, unit: str) -> Pending:
    """What is waited for, begun now if it was not. Raises OperatorError."""
    at = store.folder(data)
    files.folder(at, 0o700)
    key = store.read_key(at / store.NEXT_KEY)
    if key is None:
        key = Ed25519PrivateKey.generate()
        files.write(at / store.NEXT_KEY, closed_keys.leave_open(key))
    request = files.read(at / store.NEXT_REQUEST)
    if request is None or not _asks(request, unit, key):
        request = certificates.request(key, unit)
        files.write(at / store.NEXT_REQUEST, request)
    return Pending(key, request)


def drop(data: Path) -> None:
    """Waits for nothing any more: the next request is of another key. Raises OperatorError."""
    at = store.folder(data)
    files.erase(at / store.NEXT_REQUEST)
    files.erase(at / store.NEXT_KEY)


def _asks(request: bytes, unit: str, key: Ed25519PrivateKey) -> bool:
    try:
        return certificates.read_request(request, unit) == key.public_key()
    except ProtocolError:
        return False
