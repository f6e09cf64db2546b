"""The unit's key and certificate on the card, and the TLS made of them. Asks nobody for any.

`certificate.pem` decides who the unit is: its key is whichever key file fits it. So one rename
takes a new identity, and a power cut between two files leaves the one before it or the next.
"""

import ssl
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from protocol import closed_keys
from protocol.closed_keys import KeyStaysClosed

from ..errors import OperatorError
from . import files

KEY: Final = "key.pem"
CERTIFICATE: Final = "certificate.pem"
NEXT_KEY: Final = "next-key.pem"
NEXT_REQUEST: Final = "next-request.der"
FORMER_KEY: Final = "former-key.pem"
FORMER_CERTIFICATE: Final = "former-certificate.pem"
BOOTSTRAP_KEY: Final = "bootstrap-key.pem"
BOOTSTRAP: Final = "bootstrap.pem"
CODE: Final = "code"
"""Enrolment code as it was typed, until it is used."""

AGAIN = "enrol this unit again (escale enrol BUNDLE --again)"


class Identity(NamedTuple):
    """A key, and the certificate that names it."""

    key: Ed25519PrivateKey
    certificate: x509.Certificate
    der: bytes
    """The certificate alone, without its authority's."""
    until: int
    """Milliseconds since 1970 when the certificate ends."""
    key_path: Path
    certificate_path: Path


def folder(data: Path) -> Path:
    """Where all of it lies: the uplink's alone."""
    return data / "identity"


def load(data: Path) -> Identity | None:
    """Who this unit is; None: not enrolled yet. Raises OperatorError when the files are damaged."""
    return _load(folder(data), CERTIFICATE, (KEY, NEXT_KEY, FORMER_KEY))


def former(data: Path) -> Identity | None:
    """Who it was before, until the new certificate has worked; None also when half erased."""
    try:
        return _load(folder(data), FORMER_CERTIFICATE, (FORMER_KEY, KEY))
    except OperatorError:
        return None


def bootstrap(data: Path) -> Identity | None:
    """What it asks for enrolment with. Raises OperatorError."""
    return _load(folder(data), BOOTSTRAP, (BOOTSTRAP_KEY,))


def tls(data: Path, identity: Identity) -> ssl.SSLContext:
    """TLS 1.3 as that identity, towards servers of the unit's own root by their name.

    Raises OperatorError.
    """
    root = data / "trust" / "root.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_verify_locations(cafile=root)
        context.load_cert_chain(identity.certificate_path, identity.key_path)
    except OSError as error:
        raise OperatorError(
            f"no connection can be made with {root} and {identity.certificate_path}"
            f" ({error.strerror or error}): {AGAIN}."
        ) from error
    return context


def adopt(data: Path, chain: bytes, *, keep: bool) -> None:
    """Becomes who the PEM `chain` says; its key lies in NEXT_KEY. Raises OperatorError.

    `keep`: who it was can come back (`fall_back`) until `settle(former=False)`.
    """
    at = folder(data)
    before = load(data) if keep else None
    if before is not None:
        files.write(at / FORMER_KEY, closed_keys.leave_open(before.key))
        files.write(at / FORMER_CERTIFICATE, before.certificate_path.read_bytes())
    files.write(at / CERTIFICATE, chain)
    settle(data, former=keep)


def fall_back(data: Path) -> None:
    """Becomes again who it was before. Raises OperatorError."""
    at = folder(data)
    if former(data) is not None:
        files.write(at / CERTIFICATE, (at / FORMER_CERTIFICATE).read_bytes())
        settle(data, former=False)


def leave(data: Path) -> None:
    """Is nobody any more, until it is enrolled again. Raises OperatorError."""
    at = folder(data)
    for name in (CERTIFICATE, FORMER_CERTIFICATE, FORMER_KEY, KEY, NEXT_REQUEST, NEXT_KEY):
        files.erase(at / name)


def settle(data: Path, *, former: bool) -> None:
    """Brings the files in order after any change, also one that a power cut left half way.

    `former`: whether what it was before is still of use. Raises OperatorError.
    """
    at = folder(data)
    identity = load(data)
    if identity is None:
        return
    if identity.key_path.name != KEY:
        files.write(at / KEY, closed_keys.leave_open(identity.key))
    waiting = read_key(at / NEXT_KEY)
    if waiting is not None and waiting.public_key() == identity.certificate.public_key():
        files.erase(at / CODE)
        waiting = None
    if waiting is None:
        # The key last: it is by it that the rest is known to be over.
        files.erase(at / NEXT_REQUEST)
        files.erase(at / NEXT_KEY)
    if not former:
        files.erase(at / FORMER_CERTIFICATE)
        files.erase(at / FORMER_KEY)


def read_key(path: Path) -> Ed25519PrivateKey | None:
    """The key in that file; None when there is none, or it is none."""
    content = files.read(path)
    try:
        key = None if content is None else closed_keys.read(content)
    except KeyStaysClosed:
        return None
    return key if isinstance(key, Ed25519PrivateKey) else None


def _load(at: Path, certificate: str, keys: tuple[str, ...]) -> Identity | None:
    path = at / certificate
    content = files.read(path)
    if content is None:
        return None
    try:
        leaf = x509.load_pem_x509_certificates(content)[0]
        der = leaf.public_bytes(Encoding.DER)
        public = leaf.public_key()
        until = int(leaf.not_valid_after_utc.timestamp() * 1000)
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise OperatorError(f"{path} is damaged: {AGAIN}.") from error
    for name in keys:
        key = read_key(at / name)
        if key is not None and key.public_key() == public:
            return Identity(key, leaf, der, until, at / name, path)
    raise OperatorError(f"no key beside {path} fits it: {AGAIN}.")
