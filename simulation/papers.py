"""Keys and certificates of simulated units, in a folder; the TLS made of them. Issues none."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding

from protocol import closed_keys, signing, trust
from protocol.errors import ProtocolError

from .errors import OperatorError

Issue = Callable[[str, Ed25519PublicKey], x509.Certificate]
"""Makes the certificate of a unit of that name with that key."""
FRESH = timedelta(hours=12)
"""A certificate that ends sooner is made anew at the start."""


class Identity(NamedTuple):
    """Who one unit is. Key and certificate stay in their file: thousands of them are not held."""

    unit: str
    until: int
    """Milliseconds since 1970."""
    path: Path
    """PEM: key and certificate."""

    @property
    def key(self) -> Ed25519PrivateKey:
        """Signs what it sends."""
        content = self.path.read_bytes()
        key = closed_keys.read(content[: content.index(b"-----BEGIN CERT")])
        if not isinstance(key, Ed25519PrivateKey):
            raise OperatorError(f"{self.path} holds no key that signs: remove it.")
        return key

    @property
    def der(self) -> bytes:
        """The certificate."""
        leaf = x509.load_pem_x509_certificate(self.path.read_bytes())
        return leaf.public_bytes(Encoding.DER)


class Papers:
    """The folder: `root.pem`, `devices.pem`, `statement`, and one file for each unit."""

    def __init__(self, folder: Path) -> None:
        """Raises OperatorError when the federation's files are not there."""
        self.folder = folder
        try:
            root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())
            key = root.public_key()
            if not isinstance(key, Ed25519PublicKey):
                raise OperatorError(f"{folder / 'root.pem'} is no root of ours: give --authority.")
            self.statement = (folder / "statement").read_bytes()
            told = trust.read(self.statement, key)
        except (OSError, ValueError, ProtocolError) as error:
            raise OperatorError(f"{folder} has no trust to go by ({error}): give it.") from error
        self.receipts: signing.Keys = told.receipt_keys()
        self.documents: signing.Keys = told.document_keys()
        self.recipients: list[X25519PublicKey] = told.recipients()
        self.serial = told.serial
        # One for all: each connection keeps the certificate that was in it when it was made.
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._tls.minimum_version = ssl.TLSVersion.TLSv1_3
        self._tls.load_verify_locations(folder / "root.pem")

    def missing(self, units: list[str], now: datetime) -> list[str]:
        """Those that have no certificate, or none for long."""
        return [unit for unit in units if not self._is_good(unit, now)]

    def enrol(self, units: list[str], issue: Issue) -> None:
        """A new key and certificate for each of them."""
        (self.folder / "units").mkdir(parents=True, exist_ok=True)
        for unit in units:
            key = Ed25519PrivateKey.generate()
            leaf = issue(unit, key.public_key()).public_bytes(Encoding.PEM)
            self._path(unit).write_bytes(closed_keys.leave_open(key) + leaf)
            self._path(unit).chmod(0o600)

    def identity(self, unit: str) -> Identity:
        """Raises OperatorError when it has none."""
        path = self._path(unit)
        try:
            content = path.read_bytes()
            leaf = x509.load_pem_x509_certificate(content)
        except (OSError, ValueError) as error:
            raise OperatorError(f"{path} is no identity ({error}): remove it.") from error
        return Identity(unit, int(leaf.not_valid_after_utc.timestamp() * 1000), path)

    def tls(self, identity: Identity) -> ssl.SSLContext:
        """For the next connection, and no other: it is as that unit."""
        self._tls.load_cert_chain(identity.path)
        return self._tls

    def _is_good(self, unit: str, now: datetime) -> bool:
        try:
            leaf = x509.load_pem_x509_certificate(self._path(unit).read_bytes())
        except (OSError, ValueError):
            return False
        return leaf.not_valid_after_utc > now + FRESH

    def _path(self, unit: str) -> Path:
        return self.folder / "units" / f"{unit}.pem"


def now() -> datetime:
    """By the machine's clock, as TLS judges."""
    return datetime.now(UTC)
