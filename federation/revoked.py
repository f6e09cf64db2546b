"""The authorities' revocation lists: read again whenever the file changes. Revokes nothing."""

import logging
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol.certificates import common_name, read_lists
from protocol.errors import ProtocolError

from . import keys
from .errors import OperatorError
from .keys import Authorities

STALE_AFTER = 7 * 24 * 3600 * 1000
"""Milliseconds: lists are made anew daily, and the broker lets nobody in when one runs out."""
WHAT = "[keys] revoked"

log = logging.getLogger("ingest")


class Revoked(NamedTuple):
    """What was revoked; times in milliseconds since 1970."""

    serials: frozenset[int]
    made: int
    """When the oldest of the lists was made."""
    until: int
    """When the first of them runs out."""

    def trouble(self, now: int) -> str:
        """What a person should do about their age; empty: nothing."""
        if now > self.until:
            return "the revocation list has run out and the broker lets nobody in: make a new one"
        days = (now - self.made) // (24 * 3600 * 1000)
        if now - self.made > STALE_AFTER:
            return f"the revocation list is {days} days old: see why no new one was made"
        return ""


def read(path: Path | None, authorities: Authorities) -> Revoked:
    """The lists of a PEM file, one of each authority at the least. Raises OperatorError."""
    try:
        lists = read_lists(keys.content(path, WHAT))
    except ProtocolError as error:
        raise OperatorError(f"{WHAT} {path} holds no revocation list as PEM: mend it.") from error
    signed = [[one for one in lists if _is_of(one, authority)] for authority in authorities]
    for authority, own in zip(authorities, signed, strict=True):
        if not own:
            raise OperatorError(
                f"{WHAT} {path} holds no list signed by {common_name(authority.subject)}: put the "
                "list of every authority in [keys] devices there."
            )
    found = [one for own in signed for one in own]
    return Revoked(
        frozenset(entry.serial_number for one in found for entry in one),
        min((int(one.last_update_utc.timestamp() * 1000) for one in found), default=0),
        min((int(_until(one) * 1000) for one in found), default=0),
    )


class RevocationFile:
    """The lists as they are on disk; while those cannot be read, the last that could be."""

    def __init__(self, path: Path | None, authorities: Authorities) -> None:
        """Raises OperatorError."""
        self._path, self._authorities = keys.named(path, WHAT), authorities
        self._seen = _mark(self._path)
        self.held = read(path, authorities)
        self._told = ""

    def look(self, now: int) -> bool:
        """Reads them again when they changed: whether they did. Tells once what is wrong."""
        changed, trouble = False, ""
        mark = _mark(self._path)
        if mark != self._seen:
            try:
                self.held, self._seen, changed = read(self._path, self._authorities), mark, True
            except OperatorError as error:
                trouble = f"{error} Until then the one from before is used."
        self._tell(trouble or self.held.trouble(now))
        return changed

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self._told:
            log.warning("%s", trouble)
        self._told = trouble


def _mark(path: Path) -> tuple[int, int, int] | None:
    """Changes whenever the file does; None: it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _is_of(one: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    key = authority.public_key()
    return isinstance(key, Ed25519PublicKey) and one.is_signature_valid(key)


def _until(one: x509.CertificateRevocationList) -> float:
    return (one.next_update_utc or one.last_update_utc).timestamp()
