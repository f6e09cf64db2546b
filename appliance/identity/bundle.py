"""A bundle on its way to the card: whether it is whole and for this unit, and what it leaves there.

Believes a first bundle, and after that only those of the same root.
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol import certificates, closed_keys, enrolment, trust
from protocol.enrolment import Bundle
from protocol.errors import ProtocolError

from ..errors import OperatorError
from . import files, store, trusted
from .trusted import TrustStore

DEVICE_SECRET = "/run/escale-secret/device-secret"  # noqa: S105 (escale-secret.service makes it)
NEW_ONE = "make a new one (escale-provision bundle) and copy it again"


def read(path: Path) -> Bundle:
    """The bundle, whole. Raises OperatorError when it is damaged or its parts do not fit."""
    content = files.read(path)
    if content is None:
        raise OperatorError(f"there is no bundle at {path}: copy it there, or name another.")
    try:
        found = enrolment.read_bundle(content)
        _check(found)
    except (
        ProtocolError, ValueError, TypeError, IndexError,
        InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion,
    ) as error:  # fmt: skip
        raise OperatorError(f"the bundle {path} is damaged ({error}): {NEW_ONE}.") from error
    return found


def install(found: Bundle, data: Path) -> None:
    """Puts the unit's trust and bootstrap on the card; what is there and newer stays.

    Raises OperatorError: another root's bundle, a card that takes nothing.
    """
    files.folder(data, 0o2770)
    files.folder(data / "trust", 0o2750)
    files.folder(store.folder(data), 0o700)
    _install_trust(found, data)
    at = store.folder(data)
    if _bootstrap_until(found.bootstrap_certificate.encode()) > _held_until(found, data):
        files.write(at / store.BOOTSTRAP_KEY, found.bootstrap_key.encode())
        files.write(at / store.BOOTSTRAP, found.bootstrap_certificate.encode())


def toml(found: Bundle, data: Path, kept: dict[str, dict[str, object]]) -> str:
    """The unit's file; `kept`: what its file says already and no bundle knows."""
    sections: dict[str, dict[str, object]] = {
        "unit": {
            "id": found.unit, "vehicle_name": found.vehicle_name, "territory": found.territory,
            "centre": found.centre, "profile": found.profile, "zone": found.zone,
        },
        "paths": {"data": str(data)},
        "broker": {"host": found.broker_host, "port": found.broker_port},
        "security": {"device_secret": DEVICE_SECRET},
        **kept,
        **(msgspec.to_builtins(found.equipment) if found.equipment else {}),
    }  # fmt: skip
    return _text(sections)


def nameless(unit: str, data: Path) -> str:
    """The unit's file of a card that was given no bundle: all works on board, nothing leaves."""
    return _text({
        "unit": {"id": unit},
        "paths": {"data": str(data)},
        "security": {"device_secret": DEVICE_SECRET},
    })  # fmt: skip


def _text(sections: dict[str, dict[str, object]]) -> str:
    lines = ["# From a bundle, or a card without one; `escale config` prints all that can be set."]
    for name, values in sections.items():
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {msgspec.json.encode(value).decode()}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def made(found: Bundle) -> datetime:
    """When it was."""
    return x509.load_pem_x509_certificates(found.bootstrap_certificate.encode())[
        0
    ].not_valid_before_utc


def key_of(pem: bytes) -> object:
    """The key of a certificate; None: it cannot be read, and pins nothing."""
    try:
        return x509.load_pem_x509_certificate(pem).public_key()
    except (ValueError, x509.InvalidVersion):
        return None


def _check(found: Bundle) -> None:
    """Raises when a part is damaged or does not fit the others."""
    root = x509.load_pem_x509_certificate(found.root.encode())
    devices = x509.load_pem_x509_certificate(found.device_authority.encode())
    root.verify_directly_issued_by(root)
    devices.verify_directly_issued_by(root)
    key = root.public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise ProtocolError("its root has no Ed25519 key")
    trust.read(found.trust, key)
    if len(found.reset_secret) != trusted.SECRET_SIZE:
        raise ProtocolError("its reset secret has a wrong length")
    leaf = x509.load_pem_x509_certificates(found.bootstrap_certificate.encode())[0]
    name = certificates.BOOTSTRAP + found.unit
    # Whatever this unit's clock says: the broker knows when it is over.
    public = certificates.check(leaf, devices, name=name, now=leaf.not_valid_before_utc)
    private = closed_keys.read(found.bootstrap_key.encode())
    if not isinstance(private, Ed25519PrivateKey) or private.public_key() != public:
        raise ProtocolError("its bootstrap key is not its certificate's")


def _install_trust(found: Bundle, data: Path) -> None:
    at = data / "trust"
    known = files.read(at / trusted.ROOT)
    if known is not None and key_of(known) not in (None, key_of(found.root.encode())):
        raise OperatorError(
            "this bundle is of another root than the one this unit trusts:"
            " wipe the unit first (escale wipe), or take its own federation's bundle."
        )
    files.write(at / trusted.ROOT, found.root.encode(), files.SHARED)
    files.write(at / trusted.DEVICES, found.device_authority.encode(), files.SHARED)
    if enrolment.is_spare(found.unit):
        return  # it seals nothing: what is sealed is bound to the name of a unit
    files.write(at / trusted.RESET_SECRET, found.reset_secret, files.SHARED)
    kept = TrustStore(data)
    if kept.serial() < trust.read(found.trust, kept.root()).serial:
        kept.replace(found.trust)


def _held_until(found: Bundle, data: Path) -> datetime:
    """Until when the bundle's key already has a certificate on the card, a renewed one mostly."""
    never = datetime.min.replace(tzinfo=UTC)
    try:
        held = store.bootstrap(data)
    except OperatorError:
        return never
    same = held is not None and closed_keys.leave_open(held.key) == found.bootstrap_key.encode()
    return held.certificate.not_valid_after_utc if held is not None and same else never


def _bootstrap_until(pem: bytes) -> datetime:
    return x509.load_pem_x509_certificates(pem)[0].not_valid_after_utc
