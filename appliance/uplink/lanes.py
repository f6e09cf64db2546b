"""Every epoch on its way to the federation, one lane each. Publishes nothing.

A lane reads its journal for the length of one step and remembers where it stands; what must
outlive a power cut is in `cursors`.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from protocol.messages import Receipt, Stored

from ..errors import OperatorError
from ..journal import JournalReader, Span
from ..journal.reader import journals
from .cursors import Cursor
from .pace import Pace
from .receipts import (
    NEVER_HEARD,
    Advance,
    Behind,
    Fork,
    Held,
    Stranger,
    judge,
    standing,
)
from .window import Window

BELIEVED_AFTER = 20.0
"""Seconds that the ledger must say it has less than before, over and over, to be believed."""


class Readers:
    """The journals as they are during one step; use it in a `with`."""

    def __init__(self) -> None:
        self._open: dict[Path, JournalReader] = {}

    def of(self, path: Path) -> JournalReader:
        """Raises OperatorError when it cannot be read."""
        if path not in self._open:
            self._open[path] = JournalReader.open(path)
        return self._open[path]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        while self._open:
            self._open.popitem()[1].close()


class Lane:
    """One epoch of one journal file."""

    def __init__(self, path: Path, span: Span, cursor: Cursor) -> None:
        self.path, self.span, self.cursor = path, span, cursor
        self.window = Window(cursor.stored_to)
        self.ends: dict[int, bytes] = {}
        """Last seq of each batch under way → its digest."""
        self.strange_at: float | None = None
        """When the ledger last made us go back by telling of rows that are not ours."""
        self.behind_since: float | None = None
        """Since when the ledger says that it has less than before."""
        self.rejected = 0
        """Ranges the federation keeps as bytes."""
        self.live = True
        """Whether rows are still appended to it; if not, it only has to be drained."""

    @property
    def waiting(self) -> bool:
        """Whether it has rows that may leave."""
        forked = self.cursor.fork_at is not None and self.cursor.fork_at <= self.span.head
        return self.window.next <= self.span.head and not forked

    @property
    def backlog(self) -> int:
        """Rows that the federation has not receipted."""
        return max(self.span.head - self.window.watermark, 0)

    def faults(self) -> Iterator[str]:
        """What its receipts say that somebody should know."""
        if self.strange_at is not None:
            yield f"{self.span.journal}: the federation's rows are not those of this card"
        if self.rejected:
            yield f"{self.span.journal}: {self.rejected} batches kept unread at the federation"

    def digest_of(self, seq: int, readers: Readers) -> bytes | None:
        """Of our row with that seq."""
        known = self.ends.get(seq)
        return known or readers.of(self.path).digest(seq, epoch=self.span.epoch)


class Lanes:
    """All lanes, in the order in which they are preferred."""

    def __init__(self, data: Path, cursors: dict[int, Cursor], pace: Pace) -> None:
        self.faults: dict[str, str] = {}
        """File → why it cannot be read."""
        self.unsaved: dict[int, Cursor] = {}
        """Cursors that moved since they were last on the card."""
        self._data, self._cursors, self._pace = data, cursors, pace
        self._lanes: dict[int, Lane] = {}

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes.values())

    def of(self, epoch: int) -> Lane | None:
        """The lane of an epoch."""
        return self._lanes.get(epoch)

    @property
    def backlog(self) -> int:
        """Rows of all journals that the federation has not receipted."""
        return sum(lane.backlog for lane in self)

    def reconnected(self) -> None:
        """What was under way may be anywhere: start from the watermarks."""
        for lane in self:
            lane.window.reconnected()
            lane.ends.clear()

    def look(self, readers: Readers) -> None:
        """See what the journals hold now; one that cannot be read keeps its place."""
        drained = {lane.path for lane in self} - {lane.path for lane in self if lane.backlog}
        found: dict[int, Lane] = {}
        for path in journals(self._data):
            done = _is_aside(path) and path in drained
            lanes = [] if done else self._look_at(path, readers)
            for lane in lanes or [lane for lane in self if lane.path == path]:
                # A copy of a journal beside it adds nothing.
                found.setdefault(lane.span.epoch, lane)
        self._lanes = found

    def _look_at(self, path: Path, readers: Readers) -> list[Lane]:
        try:
            reader = readers.of(path)
            # The live epoch first: what happens now matters more than what was left behind.
            lanes = [self._lane(path, span, reader) for span in reversed(reader.spans)]
            for lane in lanes:
                lane.live = lane is lanes[0] and not _is_aside(path)
        except (OperatorError, sqlite3.DatabaseError) as error:
            self.faults[path.name] = str(error)
            return []
        self.faults.pop(path.name, None)
        return lanes

    def _lane(self, path: Path, span: Span, reader: JournalReader) -> Lane:
        lane = self._lanes.get(span.epoch)
        if lane is not None and lane.path == path:
            lane.span = span
            return lane
        cursor = self._cursors.get(span.epoch) or Cursor(span.epoch, span.journal, 0)
        stands = standing(
            cursor.stored_to,
            cursor.digest,
            span.purged_to + 1,
            span.head,
            lambda seq: reader.digest(seq, epoch=span.epoch),
        )
        lane = Lane(path, span, cursor)
        if stands != cursor.stored_to:
            self._move(lane, stands, reader.digest(stands, epoch=span.epoch))
            lane.window.rewind(stands)
        return lane

    def receive(self, receipt: Receipt, readers: Readers, now: float) -> None:
        """Advance what the ledger proves to have of ours."""
        for lane in self:
            told = receipt.epochs.get(str(lane.span.epoch), NEVER_HEARD)
            try:
                self._receive(lane, told, readers, now)
            except (OperatorError, sqlite3.DatabaseError) as error:
                self.faults[lane.path.name] = str(error)

    def _receive(self, lane: Lane, told: Stored, readers: Readers, now: float) -> None:
        window = lane.window
        lane.rejected = told.rejected_count
        held = Held(window.watermark, lane.span.head, window.sent_to)
        verdict = judge(held, told, lambda seq: lane.digest_of(seq, readers))
        if not isinstance(verdict, Behind):
            lane.behind_since = None
        if not isinstance(verdict, Stranger):
            lane.strange_at = None
        if isinstance(verdict, Advance):
            self._advance(lane, verdict.stored_to, readers, now)
        elif isinstance(verdict, Fork):
            self._advance(lane, verdict.stored_to, readers, now)
            self._move(lane, lane.cursor.stored_to, lane.cursor.digest, verdict.fork_at)
        elif isinstance(verdict, Stranger):
            self._meet_stranger(lane, now)
        elif isinstance(verdict, Behind):
            self._fall_behind(lane, verdict.stored_to, readers, now)

    def _advance(self, lane: Lane, stored_to: int, readers: Readers, now: float) -> None:
        self._move(lane, stored_to, lane.digest_of(stored_to, readers))
        lane.window.receipted(stored_to, now, self._pace)
        for seq in [seq for seq in lane.ends if seq <= stored_to]:
            del lane.ends[seq]

    def _meet_stranger(self, lane: Lane, now: float) -> None:
        """Send from the watermark, where the histories are still one, as often as is patient."""
        if lane.strange_at is None or now - lane.strange_at > self._pace.patience:
            lane.strange_at = now
            self._pace.doubted()
            lane.window.go_back()

    def _fall_behind(self, lane: Lane, stored_to: int, readers: Readers, now: float) -> None:
        """Late news is contradicted by the next answer, what a restored ledger says is not."""
        if lane.behind_since is None:
            lane.behind_since = now
        if now - lane.behind_since < BELIEVED_AFTER:
            return
        lane.behind_since = None
        self._move(lane, stored_to, lane.digest_of(stored_to, readers))
        lane.window.rewind(stored_to)

    def _move(self, lane: Lane, to: int, digest: bytes | None, fork_at: int | None = None) -> None:
        epoch, journal = lane.span.epoch, lane.span.journal
        lane.cursor = Cursor(epoch, journal, to, digest or b"", fork_at or lane.cursor.fork_at)
        self.unsaved[epoch] = self._cursors[epoch] = lane.cursor


def _is_aside(path: Path) -> bool:
    """Whether the file was damaged and put aside: nobody writes it any more."""
    return path.parent.name == "aside"
