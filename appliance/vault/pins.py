"""What makes a good PIN, and what is kept of one. Pure: counts no try and keeps nothing.

A PIN of six digits is guessed in hours by whoever has what is kept of it. Mixed with a secret of
the board itself, where there is one, a card alone gives nothing to guess by.
"""

import hmac
from itertools import pairwise
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

LENGTH: Final = 6
SALT_SIZE: Final = 16
COMMON: Final = frozenset({"112233", "123321", "147258", "147852", "159753", "258456", "789456"})
"""What many people choose; runs and repetitions are refused by rule."""


class Kdf(NamedTuple):
    """What argon2id is told; kept with each PIN, so that it can change."""

    memory: int = 64 * 1024
    """KiB."""
    passes: int = 3
    lanes: int = 1


KDF: Final = Kdf()


class Kept(NamedTuple):
    """All that is kept of a PIN."""

    salt: bytes
    kdf: Kdf
    board: bytes
    """`board_id` of the secret it was mixed with; empty: with none."""
    proof: bytes


def is_pin(text: str) -> bool:
    """Whether these are six digits."""
    return len(text) == LENGTH and text.isascii() and text.isdigit()


def is_trivial(pin: str) -> bool:
    """Whether it is among the first that anybody would try."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = pin == pin[:3] * 2
    return len(steps) == 1 or repeats or len(set(pin)) < 3 or pin in COMMON


def stretch(pin: str, salt: bytes, kdf: Kdf) -> bytes:
    """What everything else is made of; takes as long and as much memory as `kdf` says."""
    argon = Argon2id(
        salt=salt, length=32, iterations=kdf.passes, lanes=kdf.lanes, memory_cost=kdf.memory
    )
    return argon.derive(pin.encode())


def keep(stretched: bytes, salt: bytes, kdf: Kdf, secret: bytes | None) -> Kept:
    """What is kept of the PIN; `secret`: the board's own, where it has one."""
    return Kept(salt, kdf, board_id(secret), _proof(stretched, secret))


def is_right(kept: Kept, stretched: bytes, secret: bytes | None) -> bool:
    """Whether it is that PIN, on that board."""
    mixed_with = secret if kept.board else None
    return hmac.compare_digest(kept.proof, _proof(stretched, mixed_with))


def board_id(secret: bytes | None) -> bytes:
    """Names a board without telling its secret."""
    return hmac.digest(secret, b"escale board 1", "sha256")[:8] if secret else b""


def capsule_key(stretched: bytes, secret: bytes) -> bytes:
    """What the day's key is wrapped with: whoever has it has the PIN and the board."""
    return hmac.digest(secret, b"escale capsule 1|" + stretched, "sha256")


def _proof(stretched: bytes, secret: bytes | None) -> bytes:
    return hmac.digest(secret or b"no board", b"escale pin 1|" + stretched, "sha256")
