"""Whose signature counts as a unit's: the certificates that its births brought. Reads no batch.

A certificate proves itself, whoever passes it on: the authority's signature, the unit's name, its
time, and that it was not revoked. So a fresh ledger learns them again from the retained births.
"""

from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import certificates, signing
from protocol.certificates import BOOTSTRAP, SERVICE
from protocol.errors import ProtocolError

from .database import Database
from .keys import Authorities
from .revoked import RevocationFile

GRACE = 24 * 3600 * 1000
"""Milliseconds past its end that a certificate's batches may still wait at the broker."""

_LEARN = """
INSERT INTO certificate (unit, serial, key, not_after, first_seen, der)
VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""


class Signer(NamedTuple):
    """A key, and until when it counts."""

    until: int
    """Milliseconds since 1970."""
    id: bytes
    key: Ed25519PublicKey


class Signers:
    """The keys of every unit, as far as the ledger knows them. Inside the ledger's transactions."""

    def __init__(
        self, database: Database, authorities: Authorities, revoked: RevocationFile
    ) -> None:
        self._database, self._authorities, self._revoked = database, authorities, revoked
        self._cache: dict[str, list[Signer]] = {}

    def learn(self, unit: str, der: bytes, now: int) -> bool:
        """Takes the certificate of a birth: whether it is new. Raises ProtocolError.

        `now` in milliseconds since 1970.
        """
        if unit.startswith((BOOTSTRAP, SERVICE)):
            raise ProtocolError(f"{unit} is not the name of a unit")
        leaf = certificates.read(der)
        key = self._checked(leaf, unit, now)
        serial, end = f"{leaf.serial_number:x}", _end(leaf)
        line = (unit, serial, signing.id_of(key), end, now, der)
        is_new = self._database.execute(_LEARN, line).rowcount > 0
        if is_new:
            self._cache.pop(unit, None)
        return is_new

    def keys(self, unit: str, moment: int) -> signing.Keys:
        """The keys that a batch which came at that moment may be signed with."""
        known = self._cache.get(unit)
        if known is None:
            known = self._cache[unit] = self._known(unit)
        return {signer.id: signer.key for signer in known if moment <= signer.until}

    def look(self, now: int) -> bool:
        """Heeds what was revoked since; whether anything may have been."""
        changed = self._revoked.look(now)
        if changed:
            self._cache.clear()
        return changed

    def _known(self, unit: str) -> list[Signer]:
        found = []
        rows = self._database.execute("SELECT der FROM certificate WHERE unit = ?", (unit,))
        for (der,) in rows.fetchall():
            leaf = certificates.read(der)
            try:
                # An authority may have gone since, and certificates may have been revoked.
                key = self._checked(leaf, unit, _end(leaf))
            except ProtocolError:
                continue
            found.append(Signer(_end(leaf) + GRACE, signing.id_of(key), key))
        return found

    def _checked(self, leaf: x509.Certificate, unit: str, moment: int) -> Ed25519PublicKey:
        if leaf.serial_number in self._revoked.held.serials:
            raise ProtocolError("its certificate was revoked")
        trouble = ProtocolError("no authority is known")
        for authority in self._authorities:
            try:
                return certificates.check(leaf, authority, name=unit, now=certificates.at(moment))
            except ProtocolError as error:
                trouble = error
        raise trouble


def _end(leaf: x509.Certificate) -> int:
    return int(leaf.not_valid_after_utc.timestamp() * 1000)
