"""How passwords are kept: Argon2id with the cost that the vehicles' PINs have. Nothing else."""

import threading
from typing import Any, Final

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE: Final = 2
"""Reckoned at the same time: more would be memory that strangers choose."""
turns: Final = threading.BoundedSemaphore(AT_ONCE)


class Hasher(Argon2PasswordHasher):
    """64 MiB, three passes, one lane."""

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """In its turn."""
        with turns:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: Any) -> bool:
        """In its turn."""
        with turns:
            return bool(super().verify(password, encoded))
