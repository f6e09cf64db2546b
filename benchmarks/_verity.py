"""The parts of a verity bundle, and what dm-verity would say of each block. Trusts no signature.

The kernel looks at a block when it is read; here every block is looked at, over plain bytes.
"""

import configparser
import hashlib
from dataclasses import dataclass

BLOCK = 4096
_PER_BLOCK = BLOCK // 32
"""How many digests one block of the tree holds."""
_SIZE = 8
"""The last bytes of a bundle: how long its signature is."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A bundle taken apart: what is installed, its tree, its signature with the manifest in it."""

    payload: bytes
    tree: bytes
    signature: bytes

    def together(self) -> bytes:
        """The bundle as a file."""
        size = len(self.signature).to_bytes(_SIZE, "big")
        return self.payload + self.tree + self.signature + size


@dataclass(frozen=True, kw_only=True)
class Verity:
    """What a manifest says of the payload."""

    root: bytes
    salt: bytes
    size: int

    @classmethod
    def of(cls, manifest: bytes) -> "Verity":
        """From the text that was signed."""
        reader = configparser.ConfigParser(interpolation=None)
        reader.read_string(manifest.decode())
        said = reader["bundle"]
        return cls(
            root=bytes.fromhex(said["verity-hash"]),
            salt=bytes.fromhex(said["verity-salt"]),
            size=int(said["verity-size"]),
        )


def signature_of(bundle: bytes) -> bytes:
    """Where the last bytes say it is."""
    size = int.from_bytes(bundle[-_SIZE:], "big")
    return bundle[-_SIZE - size : -_SIZE]


def take_apart(bundle: bytes, verity: Verity) -> Parts:
    """By the sizes of the manifest, as whoever mounts it does."""
    signature = signature_of(bundle)
    end = len(bundle) - _SIZE - len(signature)
    begin = end - verity.size
    return Parts(payload=bundle[:begin], tree=bundle[begin:end], signature=signature)


def holds(parts: Parts, verity: Verity) -> bool:
    """Whether every block of the payload leads to the root."""
    if len(parts.payload) % BLOCK or len(parts.payload) <= BLOCK:
        return False
    below = _blocks(parts.payload)
    levels: list[bytes] = []
    while len(below) > 1:
        level = _level([_digest(block, verity.salt) for block in below])
        levels.insert(0, level)
        below = _blocks(level)
    return parts.tree == b"".join(levels) and _digest(below[0], verity.salt) == verity.root


def _blocks(data: bytes) -> list[bytes]:
    return [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]


def _digest(block: bytes, salt: bytes) -> bytes:
    return hashlib.sha256(salt + block).digest()


def _level(digests: list[bytes]) -> bytes:
    rows = [digests[at : at + _PER_BLOCK] for at in range(0, len(digests), _PER_BLOCK)]
    return b"".join(b"".join(row).ljust(BLOCK, b"\0") for row in rows)
