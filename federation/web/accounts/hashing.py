"""How passwords are kept: Argon2id with the cost that the vehicles' PINs have. Nothing else."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """64 MiB, three passes, one lane: a small server bears some at once, a thief does not."""

    time_cost = 3
    memory_cost = 65_536
    parallelism = 1
