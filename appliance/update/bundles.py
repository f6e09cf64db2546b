"""What is asked of RAUC: what a bundle says of itself, that it is written, that it is taken back.

RAUC alone judges signatures; whether this card could go back from a bundle is judged here.
"""

import logging
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from ..errors import OperatorError
from ..journal.schema import VERSION
from .facts import Release

log = logging.getLogger("update")

RAUC: Final = ("rauc",)
COMPATIBLE: Final = "escale-arm64"
FIRST_JOURNALS: Final = 2
"""Of a bundle that does not say it: it is of the time before that was said."""
LONGEST: Final = 120.0
"""Seconds for reading a signature."""
_PERCENT: Final = re.compile(r"^ *(\d{1,3})% ")
_USER_VERSION: Final = slice(60, 64)
"""Where the head of an SQLite file has it."""


class Unfit(OperatorError):
    """This bundle is not for this card: a sentence for its outcome."""


class NotWritten(Unfit):
    """It may be good: this card did not take it."""


class _Update(msgspec.Struct, frozen=True, kw_only=True):
    version: str = ""
    compatible: str = ""
    build: str = ""


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """Our own section of the manifest (`[meta.escale]`), where all is text."""

    journal: str = ""
    """The version of the journals that it writes (appliance/journal/schema.py)."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """As `rauc info` tells it."""

    update: _Update = _Update()
    meta: dict[str, Meta] = {}

    @property
    def release(self) -> Release:
        """Which system it is."""
        return Release(self.update.version, self.update.build)

    @property
    def journals(self) -> int:
        """The version of journals that it writes; it reads one newer, and one older."""
        told = self.meta.get("escale", Meta()).journal
        return int(told) if told.isdecimal() else FIRST_JOURNALS


def inspect(path: Path, rauc: Sequence[str] = RAUC) -> Manifest:
    """The manifest, by a signature that counts here. Raises Unfit."""
    command = [*rauc, "info", "--output-format=json-2", str(path)]
    try:
        told = subprocess.run(  # noqa: S603 (RAUC, on a file of our own folder)
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, check=False
        )
    except OSError as error:
        raise Unfit(f"RAUC cannot be run here ({error.strerror}).") from error
    except subprocess.TimeoutExpired as error:
        raise Unfit("the bundle cannot be read: RAUC does not come to an end.") from error
    if told.returncode:
        raise Unfit(_said(told.stderr.decode("utf-8", "replace")))
    try:
        return msgspec.json.decode(told.stdout, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unfit("the bundle says of itself what nobody can read.") from error


def written(path: Path, rauc: Sequence[str]) -> Iterator[int]:
    """How far RAUC is, in percent, until it is written. Raises NotWritten."""
    command = [*rauc, "install", str(path)]
    try:
        process = subprocess.Popen(  # noqa: S603 (RAUC, on a file of our own folder)
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except OSError as error:
        raise NotWritten(f"RAUC cannot be run here ({error.strerror}).") from error
    complaint = ""
    with process:
        for line in process.stdout or ():
            said = line.decode("utf-8", "replace").rstrip()
            if percent := _PERCENT.match(said):
                yield min(int(percent[1]), 100)
            elif said.startswith("LastError: "):
                complaint = said.removeprefix("LastError: ")
    if process.returncode:
        raise NotWritten(f"it could not be written: {complaint or 'RAUC gave up'}.")


def take_back(rauc: Sequence[str] = RAUC) -> bool:
    """The slot that is not running is not to be started; False: RAUC did not do it."""
    command = [*rauc, "status", "mark-bad", "other"]
    try:
        subprocess.run(  # noqa: S603 (RAUC)
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("the other slot could not be taken back (%s)", error)
        return False
    return True


def misfit(manifest: Manifest, on_board: int) -> str:
    """Why it is not for this card, in a sentence; empty: it is. `on_board`: see `journals_of`."""
    update = manifest.update
    if update.compatible != COMPATIBLE:
        return f"it is for {update.compatible or 'nothing'}, this is {COMPATIBLE}."
    if not update.version or len(update.version) > 80:
        return "it does not say which version it is."
    if manifest.journals < on_board - 1:
        return (
            f"it reads journals up to {manifest.journals + 1}, those on board are of {on_board}:"
            " too old."
        )
    return ""


def journals_of(data: Path) -> int:
    """The newest version of the journals on board: this program's, or one that was rolled back."""
    return max([VERSION, *(_version(path) for path in data.glob("*.db"))])


def _version(journal: Path) -> int:
    # Not through SQLite: a reader may leave files of root's beside it.
    try:
        with journal.open("rb") as file:
            return int.from_bytes(file.read(64)[_USER_VERSION], "big")
    except OSError:
        return 0


def _said(errors: str) -> str:
    """RAUC's complaint as one of ours."""
    last = errors.strip().rpartition("\n")[2]
    if "signature verification failed" in last:
        if "certificate" in last:
            return "it is not signed by the release key that this card trusts."
        return "it is damaged: its signature is of something else."
    if "not allowed" in last:
        return "it is of a kind that is not taken here: only verity bundles are."
    return "it is damaged, or no bundle at all."
