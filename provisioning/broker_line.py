"""How the authority itself comes to the broker: with certificates it makes for the occasion.

Their keys touch no disk and their lives are short, so nobody has to renew or revoke them.
"""

from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import files, issuing
from .broker import Settings
from .connection import Connection, Identity, context
from .issuing import Issuer
from .keys import Folder

LIFE: Final = timedelta(minutes=10)


def identity(devices: Issuer, name: str, now: datetime) -> Identity:
    """A new key with a certificate in that name."""
    key = Ed25519PrivateKey.generate()
    leaf = issuing.issue_client(devices, key.public_key(), name, now, LIFE)
    return Identity(key, issuing.chain([leaf, devices.certificate]))


def connection(folder: Folder, told: Settings, shown: Identity, name: str) -> Connection:
    """To the broker, by the name that its certificate proves first; not made yet."""
    root = files.read(folder.certificate("root")).decode()
    return Connection(told.hosts[0], told.port, context(root, shown), name)
