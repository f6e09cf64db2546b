"""A wanted bundle while it comes: what is here of it, whether more fits, whether it is right.

It lies beside its digest, so that it is gone on with after any cut. Asks nobody for a byte.
"""

import hashlib
from pathlib import Path
from typing import Final

from .. import disk
from .facts import BUNDLE, PART, REASON, Came, Part, Told, Wanted, id_of
from .folder import Folder
from .ranged import NotFetched, NotTheFile

MISMATCHES: Final = 2
"""Times that all of a file may be another than announced: once, it was being replaced there."""


class Arriving:
    """The one bundle that a unit fetches."""

    def __init__(self, folder: Folder, limits: disk.Limits) -> None:
        self._folder, self._limits = folder, limits

    @property
    def path(self) -> Path:
        """Where it comes."""
        return self._folder.path / PART

    @property
    def have(self) -> int:
        """Bytes of it that are here."""
        return self.path.stat().st_size if self.path.exists() else 0

    def begin(self, wanted: Wanted) -> None:
        """What is here of another bundle goes. Raises NotFetched: no room; NotTheFile: it came
        wrong before, and was not published again since."""
        part = self._folder.part
        if part is None or part.digest != wanted.digest:
            self._folder.forget(PART)
            part = Part(digest=wanted.digest)
            self._folder.parts(part)
        if part.mismatches >= MISMATCHES:
            if wanted.revision <= part.revision:
                raise NotTheFile(_other(wanted))
            self._folder.parts(Part(digest=wanted.digest))
        self._folder.forget(BUNDLE)
        if self.have > wanted.size:
            self.path.unlink()
        self.check_room(wanted.size - self.have)

    def check_room(self, more: int) -> None:
        """Raises NotFetched: so many bytes more would fill the card; a full one has it all back."""
        free, low = disk.free_bytes(self._folder.path), self._limits.low
        if free - more >= low:
            return
        if free < low:
            self._folder.drop(PART)
        megabytes = (low + more - free) // disk.MEBIBYTE + 1
        raise NotFetched(
            f"the card is too full for an update: {megabytes} MB more must be free"
            f" on {self._folder.path}."
        )

    def accept(self, wanted: Wanted) -> None:
        """All of it is here: it is the bundle that was announced, or it goes. Raises NotTheFile."""
        with self.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest == wanted.digest:
            self._folder.comes(BUNDLE, as_came(wanted))
            self.path.replace(self._folder.path / BUNDLE)
            self._folder.forget(PART)
            return
        part = self._folder.part
        mismatches = (part.mismatches if part else 0) + 1
        self._folder.drop(PART)
        if mismatches >= MISMATCHES:
            name, why = id_of(wanted.digest, wanted.revision), _other(wanted)[:REASON]
            self._folder.tell(Told(id=name, version=wanted.version, outcome="refused", reason=why))
        self._folder.parts(
            Part(digest=wanted.digest, mismatches=mismatches, revision=wanted.revision)
        )
        raise NotTheFile(_other(wanted))


def as_came(wanted: Wanted) -> Came:
    """What is noted beside it once it is whole."""
    return Came(digest=wanted.digest, version=wanted.version, revision=wanted.revision)


def _other(wanted: Wanted) -> str:
    return f"what came is not the {wanted.version} that was announced: publish it again."
