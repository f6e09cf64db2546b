"""The folder in which the steps of an update leave each other small files, whole or not there.

It is `paths.update`, where the network's process may write its own files and root's are safe
from it (sticky bit). Whatever cannot be read counts as not there. Decides nothing.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from .. import runtime
from ..journal.trouble import refused_by
from ..placing import begin, place
from .facts import MOST, PART, Came, Judgement, Part, Pending, Told, Wanted

WANTED, PENDING, JUDGED = "wanted.json", "pending.json", "judged.json"
REMEMBERED = 8
"""Bundles whose fate is kept, and pieces of news."""

_Fact = TypeVar("_Fact")


class Folder:
    """The folder of one unit. What writes raises JournalRefused, for the disk's reason."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def is_there(self) -> bool:
        """Whether this machine has slots to update, and its data."""
        return self.path.is_dir()

    @property
    def wanted(self) -> Wanted | None:
        """What the federation wants; None: nothing."""
        told = _read(self.path / WANTED, Wanted)
        return told if told is not None and told.version else None

    def want(self, told: Wanted) -> None:
        """Keep that."""
        self.keep(WANTED, told)

    @property
    def pending(self) -> Pending | None:
        """A system that waits for its verdict."""
        return _read(self.path / PENDING, Pending)

    def pend(self, told: Pending | None) -> None:
        """Keep that; None: it is over."""
        if told is None:
            self.drop(PENDING)
        else:
            self.keep(PENDING, told)

    def is_wanted(self, told: Pending) -> bool:
        """Whether the federation wants it still; whoever brought a stick wants what is on it."""
        wanted = _read(self.path / WANTED, Wanted)
        if wanted is None or not told.revision:
            return True
        return wanted.version != "" and wanted.digest == told.digest

    def came(self, bundle: str) -> Came | None:
        """Where that bundle came from; None: there is none, or nobody knows."""
        path = self.path / bundle
        return _read(_beside(path), Came) if path.is_file() else None

    def comes(self, bundle: str, told: Came) -> None:
        """To be written before the bundle is in its place."""
        self.keep(_beside(self.path / bundle).name, told)

    def forget(self, bundle: str) -> None:
        """The bundle goes, and what is beside it."""
        self.drop(bundle)
        self.drop(_beside(self.path / bundle).name)

    @property
    def part(self) -> Part | None:
        """Of which bundle the part is."""
        return _read(_beside(self.path / PART), Part)

    def parts(self, told: Part) -> None:
        """Another bundle's, or the same once more."""
        self.keep(_beside(self.path / PART).name, told)

    @property
    def judged(self) -> dict[str, Judgement]:
        """Digest → what became of that bundle; the last one is the latest."""
        return _read(self.path / JUDGED, dict[str, Judgement]) or {}

    def judge(self, digest: str, told: Judgement) -> None:
        """Keep that."""
        known = {name: one for name, one in self.judged.items() if name != digest}
        latest = {**known, digest: told}
        self.keep(JUDGED, dict(list(latest.items())[-REMEMBERED:]))

    def is_over(self, digest: str, revision: int | None = None) -> bool:
        """Whether this bundle failed here, and nobody asked for it anew since."""
        one = self.judged.get(digest)
        if one is None or one.outcome == "applied":
            return False
        return revision is None or revision <= one.revision

    def tell(self, told: Told) -> None:
        """For the uplink; the same id again is the same news. It reads each within seconds."""
        self.keep(f"outcome-{told.id}.json", told)
        paths = sorted(self.path.glob("outcome-*.json"), key=lambda path: path.stat().st_mtime_ns)
        for path in paths[:-REMEMBERED]:
            self.drop(path.name)

    def told(self) -> Iterator[Told]:
        """What the uplink was not told yet."""
        for path in sorted(self.path.glob("outcome-*.json")):
            one = _read(path, Told)
            if one is not None and path.name == f"outcome-{one.id}.json":
                yield one

    def drop(self, name: str) -> None:
        """That file is not there any more."""
        with suppress(OSError):
            (self.path / name).unlink()

    def keep(self, name: str, told: object) -> None:
        """Replace that file in one step. Raises JournalRefused."""
        path, fresh = self.path / name, self.path / f"{name}.new"
        try:
            with begin(fresh, 0o640) as file:
                file.write(msgspec.json.encode(told))
            place(fresh, path, 0o640)
        except OSError as error:
            raise refused_by(error, path) from error


def _beside(bundle: Path) -> Path:
    return bundle.with_name(f"{bundle.name}.json")


def _read(path: Path, kind: type[_Fact]) -> _Fact | None:
    try:
        return msgspec.json.decode(runtime.left(path, MOST), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
