"""The code that resets a forgotten PIN without a network, read out over the phone. Keeps nothing.

The screen shows a challenge, the federation's answer is bound to it and to the unit: it works
once, on that unit, and brings nothing back but the choice of a new PIN.
"""

import hmac
import secrets
from typing import Final

from .enrolment import CODE_LETTERS

CHALLENGE_LENGTH: Final = 6
ANSWER_LENGTH: Final = 10
"""50 bits."""


def new_challenge() -> str:
    """Digits to be read out."""
    return "".join(secrets.choice("0123456789") for _ in range(CHALLENGE_LENGTH))


def unit_secret(master: bytes, unit: str, number: int) -> bytes:
    """What the bundle with that number gives a unit to know a right answer by; 32 bytes."""
    return hmac.digest(master, f"escale reset 1|{unit}|{number}".encode(), "sha256")


def answer(secret: bytes, challenge: str) -> str:
    """What to say to that challenge."""
    mac = int.from_bytes(hmac.digest(secret, b"escale answer|" + challenge.encode(), "sha256"))
    return "".join(CODE_LETTERS[mac >> 5 * place & 31] for place in range(ANSWER_LENGTH))


def is_right(secret: bytes, challenge: str, said: str) -> bool:
    """Whether that is the answer; `said` in its one spelling (enrolment.typed)."""
    return hmac.compare_digest(answer(secret, challenge), said)
