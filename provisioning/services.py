"""Certificates for the processes of the federation, with the files each one is told of.

Each role gets what it needs and no more: what receives never holds a key that signs documents
or opens names, and what opens names never holds one that talks to the broker's units.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import closed_keys
from protocol.certificates import SERVICE

from . import facts, files, issuing, registry, revocation_lists
from .errors import OperatorError
from .facts import Role
from .issuing import Issuer
from .keys import Folder

LIFE: Final = timedelta(days=365)
"""Nobody renews them but a person: `list` tells the ends."""
_COPIED: Final[dict[Role, tuple[str, ...]]] = {
    "ingest": ("receipts",),
    "provisioning": (),
    "web": ("documents", "sealing"),
}
"""Private keys, copied as they are: `sealing` stays closed with the authority's passphrase."""
_NAME: Final = re.compile(r"[a-z0-9-]{1,26}")


def make(
    folder: Folder, service: str, role: Role, out: Path, devices: list[Issuer], now: datetime
) -> str:
    """Writes the service's files; the TOML sections that name them. Raises OperatorError."""
    key, name = Ed25519PrivateKey.generate(), SERVICE + service
    if not _NAME.fullmatch(service) or name == issuing.BROKER:
        raise OperatorError(
            f"{service!r} is no name of a service: 1 to 26 of a-z, 0-9 and -, and not broker"
        )
    leaf = issuing.issue_client(devices[0], key.public_key(), name, now, LIFE)
    chain = issuing.chain([leaf, devices[0].certificate])
    files.write_private(out / "key.pem", closed_keys.leave_open(key))
    with registry.writing(folder.registry) as log:
        added = facts.ServiceAdded(at=now, service=service, role=role)
        log.append(added, facts.issued(leaf, devices[0].certificate, now))
        if role == "ingest":
            revoked = revocation_lists.renew(log, devices, now)
            files.write_public(out / "revoked.pem", revoked.encode())
    files.write_public(out / "certificate.pem", chain.encode())
    files.write_public(out / "root.pem", files.read(folder.certificate("root")))
    if role == "ingest":
        files.write_public(out / "devices.pem", files.read(folder.certificate("devices")))
    for copied in _COPIED[role]:
        content = files.read(folder.key(copied), private=True)
        files.write_private(out / f"{copied}.pem", content)
    return _sections(role, out.absolute())


_HINTS: Final = {"revoked": "  # as of now: better the broker's own revoked.pem, made anew daily"}


def _sections(role: Role, out: Path) -> str:
    named = ["devices", "revoked"] if role == "ingest" else []
    sections = {"broker": ["root", "certificate", "key"], "keys": [*named, *_COPIED[role]]}
    lines: list[str] = []
    for section, names in sections.items():
        if names:
            lines.append(f"[{section}]")
            lines += [f'{name} = "{out / name}.pem"{_HINTS.get(name, "")}' for name in names]
    return "\n".join(lines) + "\n"
