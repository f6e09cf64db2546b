"""A new federation: keys, folder, first lines of the registry. Overwrites nothing."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from . import facts, files, issuing, keys, registry, state, statements
from .errors import OperatorError
from .facts import AnyFact, KeyMade, Purpose
from .issuing import Issuer
from .keys import Certified, Folder
from .passphrase import Passphrase

CERTIFIED: Final[tuple[Certified, ...]] = ("root", "devices", "servers")
MAX_NAME: Final = 80
IGNORED: Final = b"""\
# What must never be under version control; all the rest may.
/offline/
/private/
/*.lock
"""


class Passphrases(NamedTuple):
    """Two, so that the machine which issues certificates never holds the root's."""

    authority: Passphrase
    root: Passphrase


def check_is_new(folder: Folder, name: str) -> None:
    """Raises OperatorError when there is a federation, or a part of one, or the name is none."""
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise OperatorError(f"a federation has a name of 1 to {MAX_NAME} characters: give --name")
    parts = (folder.registry, folder.offline, folder.private, folder.public)
    found = [str(part) for part in parts if part.exists()]
    if found:
        raise OperatorError(
            f"{' and '.join(found)} are there already and nothing is ever overwritten: give "
            "another --folder, or remove what an init left that was interrupted"
        )


def init(folder: Folder, name: str, closed: Passphrases, now: datetime) -> None:
    """Makes everything; the registry last. Raises OperatorError."""
    check_is_new(folder, name)
    issuers = make_issuers(folder, closed, name, now)
    told: list[AnyFact] = [facts.FederationMade(at=now, name=name)]
    told += (
        KeyMade(at=now, purpose=purpose, key=keys.public_hex(issuer.key))
        for purpose, issuer in issuers.items()
    )
    told += _other_keys(folder, closed, now)
    told += [facts.StatementSigned(at=now, serial=1)]
    files.write_public(folder.statement, statements.sign(state.fold(told), issuers["root"], now))
    files.write_public(folder.path / ".gitignore", IGNORED)
    registry.make(folder.registry, *told)


def make_issuers(
    folder: Folder, closed: Passphrases, name: str, now: datetime
) -> dict[Certified, Issuer]:
    """A new root and its two authorities, written. Raises OperatorError."""
    if closed.authority == closed.root:
        raise OperatorError("both passphrases are the same: the root must have one of its own")
    root = issuing.make_root(short(name), now)
    issuers: dict[Certified, Issuer] = {
        "root": root,
        "devices": issuing.make_authority(root, "devices", short(name), now),
        "servers": issuing.make_authority(root, "servers", short(name), now),
    }
    for purpose, issuer in issuers.items():
        write_issuer(folder, purpose, issuer, closing(purpose, closed))
    return issuers


def write_issuer(
    folder: Folder,
    purpose: Certified,
    issuer: Issuer,
    closed: Passphrase | None,
    former: Sequence[x509.Certificate] = (),
) -> None:
    """A root or authority in place of the one before; `former` are accepted beside it."""
    keys.write_key(folder.key(purpose), issuer.key, closed)
    chain = issuing.chain([issuer.certificate, *former])
    files.write_public(folder.certificate(purpose), chain.encode())


def short(name: str) -> str:
    """Of a certificate's name, which has 64 bytes, what leaves room for its kind and date."""
    return name.encode()[:40].decode(errors="ignore").strip()


def make_key(folder: Folder, purpose: Purpose, closed: Passphrase | None) -> str:
    """A new key that is no authority, in place of the one before; its name in the registry."""
    if purpose == "reset":
        master = os.urandom(32)
        files.write_private(folder.reset, master)
        return keys.id_hex(master)
    kind = X25519PrivateKey if purpose in ("sealing", "recovery") else Ed25519PrivateKey
    key = kind.generate()
    keys.write_key(folder.key(purpose), key, closed)
    return keys.public_hex(key)


def closing(purpose: Purpose, closed: Passphrases) -> Passphrase | None:
    """Which of the two closes a key; None: it is left open, for services sign with copies of it
    at any hour, after a restart that nobody sees.
    """
    if purpose in keys.OFFLINE:
        return closed.root
    return closed.authority if purpose in keys.CLOSED else None


def _other_keys(folder: Folder, closed: Passphrases, now: datetime) -> Iterator[KeyMade]:
    purposes: tuple[Purpose, ...] = ("recovery", "sealing", "documents", "receipts", "reset")
    for purpose in purposes:
        name = make_key(folder, purpose, closing(purpose, closed))
        yield KeyMade(at=now, purpose=purpose, key=name)
