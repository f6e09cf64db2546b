"""What the registry may say: one type per fact, none of them a secret. Knows no file, no state.

A fact never changes meaning and never goes away: a registry is kept for as long as its
federation. Fields may be added with a default.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from cryptography import x509

from protocol import certificates
from protocol.enrolment import UnitId
from protocol.event import Positive, Short, whole

from . import issuing
from .keys import certified_hex

Time = Annotated[datetime, msgspec.Meta(tz=True)]
Serial = Annotated[str, whole("[0-9a-f]{1,40}")]
"""Of a certificate, in hex: too long for a number of JSON."""
KeyName = Annotated[str, whole("[0-9a-f]{16,64}")]
"""A public key raw, in hex; of the reset master, which has none, its `id_hex`."""
Profile = Literal["camion", "camping-car", "triporteur"]
Role = Literal["ingest", "provisioning", "web"]
Purpose = Literal[
    "root", "recovery", "devices", "servers", "sealing", "documents", "receipts", "reset"
]


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="fact"):
    """What every line has."""

    at: Time


class FederationMade(Fact, frozen=True, kw_only=True, tag="federation.made"):
    """The first line."""

    name: Short


class KeyMade(Fact, frozen=True, kw_only=True, tag="key.made"):
    """From now on this key is in use; one of the same purpose goes on beside it until retired."""

    purpose: Purpose
    key: KeyName


class KeyRetired(Fact, frozen=True, kw_only=True, tag="key.retired"):
    """No longer told to units, no longer accepted."""

    purpose: Purpose
    key: KeyName


class StatementSigned(Fact, frozen=True, kw_only=True, tag="statement.signed"):
    """The root signed a trust statement."""

    serial: Positive


class UnitAdded(Fact, frozen=True, kw_only=True, tag="unit.added"):
    """A unit, and the vehicle it is for, which may outlive it."""

    unit: UnitId
    vehicle_name: Short
    territory: Short
    centre: Short
    profile: Profile
    zone: Short
    """IANA time zone."""


class BundleMade(Fact, frozen=True, kw_only=True, tag="bundle.made"):
    """A bundle with a new code: the one before counts no more."""

    unit: UnitId
    number: Positive
    """1, 2… of this unit."""
    reset: KeyName
    """The reset master that its reset secret is from."""


class CodeUsed(Fact, frozen=True, kw_only=True, tag="code.used"):
    """The code of the latest bundle proved a request: it is worth nothing any more."""

    unit: UnitId


class SpareMade(Fact, frozen=True, kw_only=True, tag="spare.made"):
    """A card for the drawer: whoever types an installation code on it makes it that code's unit."""

    spare: UnitId


class Asked(Fact, frozen=True, kw_only=True, tag="approval.asked"):
    """A unit whose certificate ran out asks for the next one: a person must decide."""

    unit: UnitId
    request: str
    """`enrolment.request_digest`."""


class Approved(Fact, frozen=True, kw_only=True, tag="unit.approved"):
    """It may enrol again without a code, once."""

    unit: UnitId


class ServiceAdded(Fact, frozen=True, kw_only=True, tag="service.added"):
    """A process of the federation, and what it does; said again, its role changes."""

    service: Annotated[str, whole("[a-z0-9-]{1,26}")]
    """Without `service-`."""
    role: Role


class Issued(Fact, frozen=True, kw_only=True, tag="certificate.issued"):
    """A certificate: a unit's, a bootstrap's (`enrol-…`), a service's or a server's."""

    name: str
    """Its common name."""
    serial: Serial
    not_after: Time
    authority: KeyName
    """Public key of the authority that signed it."""
    request: str = ""
    """`enrolment.request_digest` of what it answers."""
    certificate: bytes
    """DER."""


class Revoked(Fact, frozen=True, kw_only=True, tag="certificate.revoked"):
    """This certificate is refused from now on."""

    serial: Serial
    why: Short = ""


class ListMade(Fact, frozen=True, kw_only=True, tag="revocation_list.made"):
    """A revocation list with that number."""

    number: Positive


AnyFact = (
    FederationMade | KeyMade | KeyRetired | StatementSigned | UnitAdded | BundleMade | CodeUsed
    | SpareMade | Asked | Approved | ServiceAdded | Issued | Revoked | ListMade
)  # fmt: skip


def issued(
    certificate: x509.Certificate,
    authority: x509.Certificate,
    at: datetime,
    request: str = "",
) -> Issued:
    """The fact of a certificate."""
    return Issued(
        at=at,
        name=certificates.common_name(certificate.subject),
        serial=f"{certificate.serial_number:x}",
        not_after=certificate.not_valid_after_utc,
        authority=certified_hex(authority),
        request=request,
        certificate=issuing.der(certificate),
    )


def revoked(serial: int, why: str, at: datetime) -> Revoked:
    """The fact of a revocation."""
    return Revoked(at=at, serial=f"{serial:x}", why=why)


def now() -> datetime:
    """To the second: facts are read by people, and certificates know no less."""
    return datetime.now(UTC).replace(microsecond=0)
