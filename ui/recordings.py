"""The recordings of one language, and what each was made from. Plays nothing.

`assets/voices/<language>/recordings.json` names each `.ogg` beside it.
"""

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from .theme import ASSETS

VOICES = ASSETS / "voices"
MACHINE = "espeak-ng"
LANGUAGE = "language.name"
"""The recording in which a language says its own name."""
CALL = "thanks.number"
"""What is said before a number that is called."""
STILL_THERE = "still_there.question"
BATTERY = "power.spoken"
BY_NAME = (LANGUAGE, CALL, STILL_THERE, BATTERY)
"""Recordings that are said without a text to look them up by."""


class Recording(msgspec.Struct, frozen=True, kw_only=True):
    """One file."""

    shown: str
    """The text on the screen that it says."""
    said: str
    """Digest of the words that were given to the speaker: others by now, and it is stale."""
    file: str
    """Digest of its bytes."""
    by: Literal["espeak-ng", "human"] = MACHINE


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """All of a language."""

    made_with: str
    heard: bool = False
    """Whether a speaker of the language has listened to all; a foreign one is off until then."""
    recordings: dict[str, Recording] = {}


EMPTY = Book(made_with="")


def digest(content: bytes | str) -> str:
    """Short: it is no secret, it tells a change."""
    raw = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()[:16]


def languages(voices: Path = VOICES) -> tuple[str, ...]:
    """Those that have a voice."""
    return tuple(sorted(path.parent.name for path in voices.glob("*/recordings.json")))


def load(language: str, voices: Path = VOICES) -> Book:
    """Of one language; empty when it has no voice."""
    path = voices / language / "recordings.json"
    return msgspec.json.decode(path.read_bytes(), type=Book) if path.exists() else EMPTY
