"""Who plays in `broker check`: names, their authority, those who only claim to be somebody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from protocol import closed_keys, topics
from protocol.certificates import BOOTSTRAP, SERVICE, common_name

from . import broker, issuing
from .acl import Access
from .connection import Identity
from .issuing import Issuer

UNIT, OTHER, LEAVER, STRANGER = (f"escale-check-{letter}" for letter in "abcd")
"""Two units; one that loses its rights and is revoked; one that nobody registered."""
INGEST, PROVISIONING = SERVICE + "escale-check-1", SERVICE + "escale-check-2"
AUDITOR: Final = SERVICE + "escale-check-3"
MARK: Final = "escale-check/mark"
DAY: Final = timedelta(days=1)


class Authority(NamedTuple):
    """Who can make certificates for the check."""

    root: x509.Certificate
    devices: Issuer
    servers: Issuer


def throw_away(now: datetime, name: str = "check") -> Authority:
    """An authority made on the spot, for proving what is rendered where there is none yet."""
    root = issuing.make_root(name, now)
    devices = issuing.make_authority(root, "devices", name, now)
    servers = issuing.make_authority(root, "servers", name, now)
    return Authority(root.certificate, devices, servers)


def rendered(authority: Authority, now: datetime) -> dict[str, str]:
    """The files of a broker without any client, under that authority."""
    key = Ed25519PrivateKey.generate()
    leaf = issuing.issue_server(authority.servers, key.public_key(), ["localhost"], now)
    material = broker.Material(
        clients=issuing.chain([authority.devices.certificate, authority.root]),
        certificate=issuing.chain([leaf, authority.servers.certificate]),
        key=closed_keys.leave_open(key).decode(),
        revoked=issuing.pem(issuing.revocation_list(authority.devices, {}, 1, now)),
        alone=issuing.pem(issuing.alone(authority.devices.certificate, authority.devices.key)),
    )
    settings = broker.Settings(folder=Path("/etc/escale-broker"), hosts=("localhost",))
    return broker.render(settings, material, Access(frozenset(), frozenset(), {}))


def topic_of_another(unit: str) -> str:
    """A topic that would be the unit's if it were in the next partition."""
    number = (topics.partition(unit) + 1) % topics.PARTITIONS
    return f"{topics.ROOT}/{number:02d}/{unit}/up/batch"


def bootstrap(unit: str) -> str:
    """The name of its bootstrap certificate."""
    return BOOTSTRAP + unit


def signed_by_itself(unit: str) -> Identity:
    """A unit's certificate that nobody else signed."""
    key, now = Ed25519PrivateKey.generate(), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, unit)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .sign(key, None)
    )
    return Identity(key, issuing.pem(made))


def federation(authority: Authority) -> str:
    """The name it was made in."""
    return common_name(authority.root.subject).removesuffix(" root")
