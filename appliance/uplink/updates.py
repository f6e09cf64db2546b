"""The system that the federation wants, left for whoever fetches it; what became of it, told once.

Two folders meet here: the uplink's journal, and the one of updates, which a machine without slots
has not got. Fetches and judges nothing.
"""

import logging
from collections.abc import Iterator

import msgspec

from protocol.unit import UpdateApplied

from .. import runtime
from ..config import Paths
from ..errors import OperatorError
from ..update.facts import Told, Wanted
from ..update.folder import Folder
from .cursors import Memory

LOOK_EVERY = 2.0
"""Seconds between two looks for news."""
OF_USE = 3600.0
"""Seconds for which the word of a step that has ended says how it stands."""


LATER = 60.0
"""Seconds before a folder that takes nothing is troubled again."""

log = logging.getLogger("uplink")


class Updates:
    """One per uplink."""

    def __init__(self, paths: Paths, memory: Memory) -> None:
        self._folder, self._run, self._memory = Folder(paths.update), paths.run, memory
        self._database = memory.journal.database
        self._look_at, self._is_left = float("-inf"), False

    def step(self, now: float) -> None:
        """Raises JournalRefused: nothing was told then, and it comes again."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_EVERY
        if not self._folder.is_there:
            return
        if not self._is_left:
            self._leave()
        known = self._known()
        news = list(self._folder.told())
        for told in news:
            if told.id not in known:
                self._tell(told)
        if gone := known - {told.id for told in news}:
            self._forget(gone)

    def changed(self) -> None:
        """Another document came: leave it at the next look."""
        self._is_left, self._look_at = False, float("-inf")

    def faults(self) -> Iterator[str]:
        """Why the wanted system does not come, when that is nobody's plan."""
        told = runtime.read(self._run, "fetch", max_age=OF_USE) or {}
        if told.get("state") == "failed":
            yield f"update: {told.get('why')}"

    def _leave(self) -> None:
        row = self._database.conn.execute(
            "SELECT revision, body FROM document WHERE kind = 'update'"
        ).fetchone()
        if row is not None:
            wanted = msgspec.json.decode(row[1], type=Wanted)
            try:
                self._folder.want(msgspec.structs.replace(wanted, revision=row[0]))
            except OperatorError as error:
                log.warning("%s", error)
                self._look_at += LATER
                return
        self._is_left = True

    def _known(self) -> set[str]:
        return {row[0] for row in self._database.conn.execute("SELECT id FROM told")}

    def _tell(self, told: Told) -> None:
        """The row and that it was told are one commit."""
        with self._memory.journal.atomic():
            self._database.conn.execute("INSERT INTO told VALUES (?)", (told.id,))
            self._memory.journal.append(
                UpdateApplied(version=told.version, outcome=told.outcome, reason=told.reason)
            )

    def _forget(self, gone: set[str]) -> None:
        with self._memory.journal.atomic():
            self._database.conn.executemany(
                "DELETE FROM told WHERE id = ?", [(one,) for one in gone]
            )
