"""What the steps of an update tell each other: its shapes, names and limits. Reads no folder."""

import secrets
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from protocol import __version__
from protocol.documents import Update
from protocol.event import Number, Short, whole

from .. import runtime

BUNDLE, STICK, PART = "bundle.raucb", "stick.raucb", "bundle.part"
"""Fetched and found whole; copied from a stick; on its way."""
MOST = 64 * 1024
"""Bytes of the largest of these files, bundles apart."""
REASON = 80
"""Characters of a reason that travel."""
RELEASE = Path("/etc/escale-release")

Outcome = Literal["applied", "refused", "rolled_back"]


class Release(NamedTuple):
    """Which system this is."""

    version: str
    build: str


class Wanted(Update, frozen=True, kw_only=True):
    """The document `update` in force, and its revision: published again, it is tried again."""

    revision: Number = 0


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """Where a bundle came from; beside it, written before it is there."""

    digest: str
    """SHA-256, in hex: which bundle it is, whatever way it came."""
    version: Short = ""
    """As it was announced; empty: nobody did."""
    revision: Number = 0
    """Of the document that wanted it."""
    way: Literal["network", "stick"] = "network"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Beside what was fetched so far: of which bundle it is."""

    digest: str
    mismatches: Number = 0
    """How many times all of it was here and was not what had been announced."""
    revision: Number = 0
    """Of the document that wanted it, when that happened last."""


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """A system written, or being written, to a slot, and not judged yet."""

    id: Annotated[str, whole("[0-9a-f]{16}")]
    version: Short
    digest: str
    slot: Literal["A", "B"]
    boot_id: Short
    """Of the boot in which it was written."""
    revision: Number = 0
    state: Literal["installing", "installed"] = "installing"
    tries: Number = 1
    """How many times writing was begun: a power cut in the midst of it is nobody's fault."""
    why: str = ""
    """What was wrong when it ran."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a bundle."""

    version: Short
    outcome: Outcome
    why: str = ""
    revision: Number = 0


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the uplink is to tell, once."""

    id: Annotated[str, whole("[0-9a-f]{16}")]
    version: Short
    outcome: Outcome
    reason: Short = ""


def new_id() -> str:
    """Of a piece of news."""
    return secrets.token_hex(8)


def id_of(digest: str, revision: int) -> str:
    """Of the news that this bundle is refused: always the same, so that it counts once though the
    power goes before it is noted that it was told."""
    return sha256(f"{digest} {revision}".encode()).hexdigest()[:16]


def release(path: Path = RELEASE) -> Release:
    """Which system is running."""
    lines = runtime.left(path, MOST).decode("utf-8", "replace").splitlines()
    told = dict(line.partition("=")[::2] for line in lines)
    return Release(told.get("VERSION", "") or __version__, told.get("BUILD", ""))
