"""What ingest has to know and to keep secret, read at its start. Nothing that signs documents."""

from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import keys
from .config import FederationConfig
from .keys import Authorities, Faults
from .revoked import RevocationFile


class IngestKeys(NamedTuple):
    """Whom ingest believes, and what it signs with."""

    authorities: Authorities
    revoked: RevocationFile
    receipts: Ed25519PrivateKey


def load(settings: FederationConfig) -> IngestKeys:
    """Reads them all, and tries those of the broker. Raises OperatorError that lists all faults."""
    faults = Faults()
    authorities = faults.of(keys.certificates, settings.keys.devices, "[keys] devices")
    revoked = faults.of(RevocationFile, settings.keys.revoked, authorities or ())
    receipts = faults.of(keys.ed25519, settings.keys.receipts, "[keys] receipts")
    faults.of(keys.tls, settings.broker)
    faults.tell()
    return IngestKeys(authorities, revoked, receipts)
