"""What the broker shows and whom it refuses: made anew only when what there is does not serve.

The registry knows of each before it is written.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import certificates, closed_keys
from protocol.errors import ProtocolError

from . import broker, facts, issuing, keys, revocation_lists
from .broker import Settings
from .errors import OperatorError
from .issuing import Issuer
from .registry import Writing

RENEWED: Final = timedelta(days=issuing.SERVER_DAYS / 3)
"""Left of the broker's certificate when it gets the next one."""
DAILY: Final = timedelta(days=1)


def held(path: Path) -> str:
    """The text of a file; empty when it is not there. Raises OperatorError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{path} cannot be read ({error}): remove it") from error


def certificate(told: Settings, log: Writing, servers: Issuer, now: datetime) -> tuple[str, str]:
    """The broker's chain and key: those it has while they serve, or new ones."""
    chain, key = held(told.folder / broker.CERTIFICATE), held(told.folder / broker.KEY)
    if _serves(chain, key, told, servers, now):
        return chain, key
    made = Ed25519PrivateKey.generate()
    leaf = issuing.issue_server(servers, made.public_key(), told.hosts, now)
    log.append(facts.issued(leaf, servers.certificate, now))
    return issuing.chain([leaf, servers.certificate]), closed_keys.leave_open(made).decode()


def _serves(chain: str, key: str, told: Settings, servers: Issuer, now: datetime) -> bool:
    """Whether that certificate is this authority's, for these names, and has a third left."""
    try:
        leaf, authority = x509.load_pem_x509_certificates(chain.encode())
        private = closed_keys.read(key.encode())
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except ValueError:
        return False
    return (
        authority == servers.certificate
        and private.public_key() == leaf.public_key()
        and names == issuing.server_names(told.hosts)
        and leaf.not_valid_after_utc - now > RENEWED
    )


def lists(
    told: Settings,
    log: Writing,
    devices: list[Issuer],
    now: datetime,
    beside: Mapping[int, datetime],
) -> str:
    """The lists there are while they say the same and are of today, or new ones."""
    there = held(told.folder / broker.REVOKED)
    if not beside and _tells(there, log, devices, now):
        return there
    return revocation_lists.renew(log, devices, now, beside)


def _tells(lists: str, log: Writing, devices: list[Issuer], now: datetime) -> bool:
    try:
        read = certificates.read_lists(lists.encode())
    except ProtocolError:
        return False
    said = [log.state.revoked_of(keys.certified_hex(one.certificate)) for one in devices]
    return len(read) == len(devices) and all(
        {entry.serial_number for entry in one} == serials.keys()
        and one.is_signature_valid(issuer.key.public_key())
        and now - DAILY < one.last_update_utc + issuing.SKEW <= now
        for one, serials, issuer in zip(read, said, devices, strict=True)
    )
