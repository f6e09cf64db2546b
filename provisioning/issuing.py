"""Certificates made out of keys: root, two authorities, leaves, revocation lists. Keeps nothing.

Two authorities under one root, each pinned to its purpose by the root: what the servers'
authority signs can never be a client, nor the devices' a server. Everything is Ed25519, TLS 1.3.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from protocol import certificates

ROOT_DAYS: Final = 20 * 365
AUTHORITY_DAYS: Final = 5 * 365
SERVER_DAYS: Final = 90
CRL_DAYS: Final = 30
"""A list past this locks every unit out: it is made anew daily, and its age is watched."""
BROKER: Final = certificates.SERVICE + "broker"
"""Its common name: a host's could be a unit's as well, and only the host names count."""
SKEW: Final = timedelta(hours=1)
"""Certificates begin that much before they are made: clocks differ."""

Purpose = Literal["devices", "servers"]
_USAGE: Final[dict[Purpose, ObjectIdentifier]] = {
    "devices": ExtendedKeyUsageOID.CLIENT_AUTH,
    "servers": ExtendedKeyUsageOID.SERVER_AUTH,
}


class Issuer(NamedTuple):
    """Somebody who can sign certificates."""

    key: Ed25519PrivateKey
    certificate: x509.Certificate


def make_root(name: str, now: datetime) -> Issuer:
    """A new root: it signs two authorities and trust statements, and stays offline."""
    key = Ed25519PrivateKey.generate()
    builder = _builder(f"{name} root", None, key.public_key(), now, timedelta(days=ROOT_DAYS))
    builder = _as_authority(builder, path_length=1)
    return Issuer(key, builder.sign(key, None))


def make_authority(root: Issuer, purpose: Purpose, name: str, now: datetime) -> Issuer:
    """A new authority for one purpose."""
    key = Ed25519PrivateKey.generate()
    life = timedelta(days=AUTHORITY_DAYS)
    builder = _builder(f"{name} {purpose}", root, key.public_key(), now, life)
    builder = _as_authority(builder, path_length=0).add_extension(
        x509.ExtendedKeyUsage([_USAGE[purpose]]), critical=False
    )
    return Issuer(key, builder.sign(root.key, None))


def alone(authority: x509.Certificate, key: Ed25519PrivateKey) -> x509.Certificate:
    """An authority as its own root, for servers that ask for a list of every authority above.

    The same name, key and life, signed by itself: nothing above it is believed, and its own list
    is all that there is. The same bytes each time.
    """
    builder = (
        x509.CertificateBuilder()
        .subject_name(authority.subject)
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(authority.serial_number)
        .not_valid_before(authority.not_valid_before_utc)
        .not_valid_after(authority.not_valid_after_utc)
    )
    for extension in authority.extensions:
        if not isinstance(extension.value, x509.AuthorityKeyIdentifier):
            builder = builder.add_extension(extension.value, critical=extension.critical)
    return builder.sign(key, None)


def issue_client(
    devices: Issuer, public: Ed25519PublicKey, name: str, now: datetime, life: timedelta
) -> x509.Certificate:
    """A client's certificate."""
    builder = _builder(name, devices, public, now, life)
    return _as_leaf(builder, ExtendedKeyUsageOID.CLIENT_AUTH).sign(devices.key, None)


def issue_server(
    servers: Issuer,
    public: Ed25519PublicKey,
    hosts: Sequence[str],
    now: datetime,
    name: str = BROKER,
) -> x509.Certificate:
    """The broker's certificate, for these host names or addresses."""
    builder = _builder(name, servers, public, now, timedelta(days=SERVER_DAYS))
    builder = builder.add_extension(server_names(hosts), critical=False)
    return _as_leaf(builder, ExtendedKeyUsageOID.SERVER_AUTH).sign(servers.key, None)


def server_names(hosts: Sequence[str]) -> x509.SubjectAlternativeName:
    """Host names or addresses as they stand in a server's certificate."""
    return x509.SubjectAlternativeName(list(map(_host, hosts)))


def revocation_list(
    devices: Issuer, revoked: Mapping[int, datetime], number: int, now: datetime
) -> x509.CertificateRevocationList:
    """The serials that are refused, and since when."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(devices.certificate.subject)
        .last_update(now - SKEW)
        .next_update(now + timedelta(days=CRL_DAYS))
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_issued_by(devices), critical=False)
    )
    for serial, since in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(devices.key, None)


def chain(certificates: Iterable[x509.Certificate]) -> str:
    """Several certificates as one PEM text."""
    return "".join(pem(certificate) for certificate in certificates)


def pem(certificate: x509.Certificate | x509.CertificateRevocationList) -> str:
    """One certificate or list as PEM text."""
    return certificate.public_bytes(Encoding.PEM).decode()


def der(certificate: x509.Certificate) -> bytes:
    """One certificate as it travels in messages."""
    return certificate.public_bytes(Encoding.DER)


def _builder(
    name: str, issuer: Issuer | None, public: Ed25519PublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )
    if issuer is None:
        return builder
    return builder.add_extension(_issued_by(issuer), critical=False)


def _issued_by(issuer: Issuer) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _as_authority(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=path_length), critical=True
    ).add_extension(_key_usage(authority=True), critical=True)


def _as_leaf(builder: x509.CertificateBuilder, usage: ObjectIdentifier) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
