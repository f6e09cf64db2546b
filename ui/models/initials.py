"""Initials of whoever is in: typed, or one of those that were seen before. Pure."""

from collections.abc import Iterable
from typing import Final

LONGEST: Final = 4
OFFERED: Final = 4
BACK: Final = "backspace"


def typed(text: str, key: str) -> str:
    """What is typed after a key."""
    if key == BACK:
        return text[:-1]
    return text + key if len(key) == 1 and key.isalpha() and len(text) < LONGEST else text


def offered(authors: Iterable[str]) -> tuple[str, ...]:
    """The few that noted something last, in the order of the alphabet. `authors`: newest first."""
    seen = dict.fromkeys(author for author in authors if author)
    return tuple(sorted(list(seen)[:OFFERED]))
