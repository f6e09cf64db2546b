"""X.509 as both ends read it: names, requests, who issued a certificate. Issues none itself.

A unit's certificate has the unit's id as its common name and is good for being a client alone;
its Ed25519 key also signs the unit's batches.
"""

import warnings
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .errors import ProtocolError

BOOTSTRAP = "enrol-"
"""Before the id of a unit: the name in a certificate that may only ask for enrolment."""
SERVICE = "service-"
"""Before the name of a process of the federation."""


def request(private: Ed25519PrivateKey, name: str) -> bytes:
    """A request for a certificate, DER: the private key never leaves."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return builder.sign(private, None).public_bytes(Encoding.DER)


def read_request(der: bytes, name: str) -> Ed25519PublicKey:
    """The key that asks. Raises ProtocolError: unreadable, another's name, or not its own key."""
    try:
        read = x509.load_der_x509_csr(der)
        signed = read.is_signature_valid
        key = read.public_key()
        with warnings.catch_warnings():
            # Odd subjects are warned of; another name than the unit's is refused anyway.
            warnings.simplefilter("ignore")
            asked = common_name(read.subject)
    except (
        ValueError, TypeError, x509.InvalidVersion, InvalidSignature, UnsupportedAlgorithm,
    ) as error:  # fmt: skip
        raise ProtocolError(f"not a certificate request: {error}") from error
    if not signed or not isinstance(key, Ed25519PublicKey):
        raise ProtocolError("a certificate request that its own key did not sign")
    if asked != name:
        raise ProtocolError(f"a certificate request of {asked!r} in the name of {name}")
    return key


def read(der: bytes) -> x509.Certificate:
    """A certificate, nothing proved. Raises ProtocolError."""
    try:
        with warnings.catch_warnings():
            # What the library will refuse one day, such as a serial below 1, is refused today.
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            return x509.load_der_x509_certificate(der)
    except (
        ValueError, TypeError, x509.InvalidVersion, CryptographyDeprecationWarning,
    ) as error:  # fmt: skip
        raise ProtocolError(f"not a certificate: {error}") from error


def check(
    leaf: x509.Certificate, authority: x509.Certificate, *, name: str, now: datetime
) -> Ed25519PublicKey:
    """The key of a client's certificate. Raises ProtocolError.

    It must be of that very authority, in that name, for being a client, and valid at `now`.
    """
    _check_issued(leaf, authority, now, ca=False)
    key, held = leaf.public_key(), common_name(leaf.subject)
    if held != name or not isinstance(key, Ed25519PublicKey):
        raise ProtocolError(f"a certificate of {held!r}, not of {name}")
    return key


def check_authority(authority: x509.Certificate, root: x509.Certificate, *, now: datetime) -> None:
    """Raises ProtocolError unless the root vouches at `now` for it as an issuer of clients."""
    _check_issued(authority, root, now, ca=True)


def read_lists(pem: bytes) -> list[x509.CertificateRevocationList]:
    """The revocation lists of a PEM file, nothing proved. Raises ProtocolError."""
    begin = b"-----BEGIN X509 CRL-----"
    try:
        return [x509.load_pem_x509_crl(begin + part) for part in pem.split(begin)[1:]]
    except (ValueError, x509.InvalidVersion) as error:
        raise ProtocolError(f"not a list of what was revoked: {error}") from error


def common_name(subject: x509.Name) -> str:
    """The one common name; empty when there is none, or more than one."""
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""


def at(milliseconds: int) -> datetime:
    """Milliseconds since 1970 as a time."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _check_issued(
    certificate: x509.Certificate, issuer: x509.Certificate, now: datetime, *, ca: bool
) -> None:
    try:
        certificate.verify_directly_issued_by(issuer)
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        _ = certificate.public_key(), common_name(certificate.subject)
    except (
        ValueError,
        TypeError,
        InvalidSignature,
        UnsupportedAlgorithm,
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
    ) as error:
        raise ProtocolError(f"a certificate that this authority did not issue: {error}") from error
    if not certificate.public_bytes(Encoding.DER).endswith(b"\0" + certificate.signature):
        # The signature does not cover how many of its own bits count: one spelling alone is taken.
        raise ProtocolError("a certificate whose signature is spelt in another way")
    if basic.ca != ca or list(usage) != [ExtendedKeyUsageOID.CLIENT_AUTH]:
        raise ProtocolError("a certificate that is not for being a client")
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not begins <= now <= ends:
        raise ProtocolError(
            f"a certificate that is valid from {begins:%Y-%m-%d} to {ends:%Y-%m-%d}"
        )
