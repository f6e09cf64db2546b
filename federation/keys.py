"""Reads keys and certificates from their files. What is wrong is told together, in sentences.

Each command asks for what it needs: ingest never reads a key that signs documents or opens names.
"""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from protocol import closed_keys
from protocol.certificates import common_name
from protocol.closed_keys import KeyStaysClosed

from .config import Broker
from .errors import OperatorError

Authorities = tuple[x509.Certificate, ...]


class Faults:
    """What was wrong with the files so far."""

    def __init__(self) -> None:
        self._told: list[str] = []

    def of(self, read: Callable[..., Any], *arguments: Any) -> Any:
        """What was read; None, and `tell` will raise, when a person has to mend something."""
        try:
            return read(*arguments)
        except OperatorError as error:
            self._told.append(str(error))
            return None

    def tell(self) -> None:
        """Raises OperatorError when anything was wrong."""
        if self._told:
            raise OperatorError(" ".join(self._told))


def tls(broker: Broker) -> ssl.SSLContext:
    """TLS 1.3 towards the broker alone: the root is pinned. Raises OperatorError."""
    faults = Faults()
    faults.of(certificates, broker.root, "[broker] root")
    faults.of(certificates, broker.certificate, "[broker] certificate")
    faults.of(ed25519, broker.key, "[broker] key")
    faults.tell()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(broker.root)
    try:
        context.load_cert_chain(named(broker.certificate, "[broker] certificate"), broker.key)
    except ssl.SSLError as error:
        raise OperatorError(
            f"[broker] key {broker.key} is not that of the certificate {broker.certificate}: "
            "give the two that were made together."
        ) from error
    return context


def client_name(broker: Broker) -> str:
    """The name in our certificate: the broker knows our session by it. Raises OperatorError."""
    return common_name(certificates(broker.certificate, "[broker] certificate")[0].subject)


def root_key(broker: Broker) -> Ed25519PublicKey:
    """Whose word a trust statement is. Raises OperatorError."""
    key = certificates(broker.root, "[broker] root")[0].public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise OperatorError(
            f"[broker] root {broker.root} is not a root of Escale's: give that one."
        )
    return key


def certificates(path: Path | None, what: str) -> Authorities:
    """The certificates of a PEM file, one at the least. Raises OperatorError."""
    try:
        return tuple(x509.load_pem_x509_certificates(content(path, what)))
    except (ValueError, x509.InvalidVersion) as error:
        raise OperatorError(f"{what} {path} holds no certificate as PEM: mend it.") from error


def ed25519(
    path: Path | None, what: str, ask: Callable[[str], str] | None = None
) -> Ed25519PrivateKey:
    """A private key that signs; `ask` for its passphrase, if it has one. Raises OperatorError."""
    pem, passphrase = content(path, what), None
    if closed_keys.is_closed(pem):
        if ask is None:
            raise OperatorError(f"{what} {path} needs a passphrase: give one that needs none.")
        passphrase = ask(f"Passphrase of {path}: ")
    try:
        key = closed_keys.read(pem, passphrase)
    except KeyStaysClosed as error:
        raise OperatorError(f"{what} {path}: {error}.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise OperatorError(f"{what} {path} is a key that seals, not one that signs.")
    return key


def named(path: Path | None, what: str) -> Path:
    """The path, which must be given. Raises OperatorError."""
    if path is None:
        raise OperatorError(f"{what} is missing: name the file.")
    return path


def content(path: Path | None, what: str) -> bytes:
    """What the file holds. Raises OperatorError."""
    try:
        return named(path, what).read_bytes()
    except OSError as error:
        raise OperatorError(f"{what} {path} cannot be read ({error.strerror}).") from error
