"""A journal as every process but its owner sees it: read-only, for one step, then closed.

A reader never makes the owner wait. Refuses to tell a row whose chain is broken for a row: it
is told as a tombstone.
"""

import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

from protocol import events
from protocol.event import Key
from protocol.row import NO_DIGEST, Row, Tombstone

from ..errors import OperatorError
from . import envelopes, schema, sound, spans, stored
from .spans import Span
from .stored import Entry, Told
from .trouble import unreadable

Answer = Generator[Any]
"""Rows as SQLite gives them, read as they are asked for."""


class JournalReader:
    """Use it in a `with`; what it sees does not change meanwhile.

    Every method raises OperatorError when the file, or the disk, does not let itself be read.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._boots: dict[int, str] = {}
        self._answers = WeakSet[Answer]()
        connection.execute("BEGIN")
        self.spans = spans.read(connection)
        """Epochs in the order they were begun; the last one is live."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Raises OperatorError also when there is no such journal."""
        try:
            connection = schema.connect_reading(path)
        except sqlite3.Error as error:
            raise unreadable(error, path) or error from error
        try:
            _check_version(connection, path)
            return cls(path, connection)
        except sqlite3.Error as error:
            connection.close()
            raise OperatorError(f"cannot read the journal {path}: {error}.") from error
        except BaseException:
            connection.close()
            raise

    @property
    def name(self) -> str:
        """Who owns it."""
        return self.spans[-1].journal

    @property
    def epoch(self) -> int:
        """The live epoch."""
        return self.spans[-1].epoch

    @property
    def epochs(self) -> list[int]:
        """Every epoch of the file, the live one last."""
        return [span.epoch for span in self.spans]

    @property
    def head(self) -> int:
        """Last seq of the live epoch; 0 before the first."""
        return self.spans[-1].head

    def span(self, epoch: int | None = None) -> Span:
        """One epoch, the live one unless told. Raises KeyError when the file has no such one."""
        if epoch is None:
            return self.spans[-1]
        return {span.epoch: span for span in self.spans}[epoch]

    def rows(
        self,
        after_seq: int,
        *,
        epoch: int | None = None,
        limit_bytes: int = 1 << 20,
        limit_rows: int = 1000,
    ) -> list[Told]:
        """The rows from `after_seq + 1` on, dense; at least one, if there is one.

        At most `limit_rows`, and bodies and envelopes of `limit_bytes` together. Purged rows are
        tombstones; an envelope that was erased, or is not the row's own, is left out.
        """
        span = self.span(epoch)
        last = min(span.head, after_seq + limit_rows)
        # One row more than asked: it bears witness for the last one.
        rows = self._dense(span, after_seq, min(span.head, last + 1))
        previous = self.digest(after_seq, epoch=span.epoch)
        if not sound.is_whole(rows, span.epoch, previous):
            rows = sound.believed(rows, span.epoch, previous)
        rows = rows[: max(last - after_seq, 0)]
        if envelopes.may_belong(rows):
            rows = envelopes.given(rows, self._envelopes(span, after_seq, last))
        return _within(rows, limit_bytes)

    def is_whole(self, span: Span, after: int, last: int) -> bool:
        """Whether nothing is lost or changed between two seqs of an epoch."""
        rows = self._dense(span, after, last)
        if any(row.digest == NO_DIGEST for row in rows):
            return False
        return sound.is_whole(rows, span.epoch, self.digest(after, epoch=span.epoch))

    def stray_envelopes(self, span: Span, after: int, last: int) -> list[int]:
        """Seqs between two of an epoch whose envelope is not their own: it is damaged."""
        found = self._envelopes(span, after, last)
        return envelopes.strays(self._dense(span, after, last), found) if found else []

    def digest(self, seq: int, *, epoch: int | None = None) -> bytes | None:
        """The digest of a row, as a batch names it; None when it is not here any more."""
        span = self.span(epoch)
        if seq == 0:
            return NO_DIGEST
        if seq == span.purged_to:
            return span.purged_digest
        found = self._select(
            "SELECT digest FROM event WHERE id = ? AND id <= ?",
            (span.base + seq, span.base + span.head),
        )
        return next((bytes(digest) for (digest,) in found), None)

    def entries(
        self, types: Sequence[str], after: Key | None = None, *, newest_first: bool = False
    ) -> Iterator[Entry]:
        """Events of these types in the order they were made, over all epochs of the file.

        One that is damaged is left out: it is `rows` that tells of it.
        `after`: the key of an entry, or None; a key this file does not know is as None.
        """
        marks = ", ".join("?" * len(types))
        order = "DESC" if newest_first else "ASC"
        these = f"id > ? AND type IN ({marks}) AND body IS NOT NULL ORDER BY id {order}"
        found = self._select(f"{stored.SELECT} {these}", (self._id_of(after), *types))
        return (entry for _, entry in self._sound(found))

    def latest(self, types: Sequence[str]) -> Entry | None:
        """The last event of these types; quick for landmarks (journal/schema.py), however old."""
        found = list[tuple[int, Entry]]()
        for name in types:
            if name not in events.TYPES:
                continue
            # The type is spelt out: SQLite uses a partial index for constants alone.
            these = f"type = '{name}' AND body IS NOT NULL ORDER BY id DESC"
            with closing(self._select(f"{stored.SELECT} {these}")) as answer:
                found += islice(self._sound(answer), 1)
        return max(found, key=itemgetter(0))[1] if found else None

    def close(self) -> None:
        """May be called twice. An answer only half read ends here."""
        for answer in list(self._answers):
            answer.close()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _dense(self, span: Span, after: int, last: int) -> list[Told]:
        """Every seq of a range as it is stored; a tombstone where nothing is."""
        found = self._select(
            f"{stored.SELECT} id > ? AND id <= ? ORDER BY id", (span.base + after, span.base + last)
        )
        rows = stored.rows(found, span.base, self._boot_ids())
        if len(rows) == last - after:
            return rows
        there = {row.seq: row for row in rows}
        if span.purged_to:
            there[span.purged_to] = Tombstone(span.purged_to, "", 0, span.purged_digest)
        return [there.get(seq) or stored.lost(seq) for seq in range(after + 1, last + 1)]

    def _envelopes(self, span: Span, after: int, last: int) -> dict[int, Any]:
        """By seq. A file made by older software has no table for them."""
        if not list(self._select("SELECT 1 FROM sqlite_master WHERE name = 'sealed'")):
            return {}
        found = self._select(
            "SELECT id - ?, envelope FROM sealed WHERE id > ? AND id <= ?",
            (span.base, span.base + after, span.base + last),
        )
        return dict(found)

    def _sound(self, found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Entry]]:
        """Each event by its id, those that are damaged left out."""
        for columns in found:
            entry = stored.entry(columns, reversed(self.spans), self._boot_ids())
            if entry is not None:
                yield columns[0], entry

    def _boot_ids(self) -> dict[int, str]:
        if not self._boots:
            self._boots = dict(self._select("SELECT id, boot_id FROM boot"))
        return self._boots

    def _id_of(self, key: Key | None) -> int:
        bases = {span.epoch: span.base for span in self.spans}
        return bases[key.epoch] + key.seq if key is not None and key.epoch in bases else 0

    def _select(self, statement: str, values: Sequence[object] = ()) -> Answer:
        answer = self._read(statement, values)
        self._answers.add(answer)
        return answer

    def _read(self, statement: str, values: Sequence[object]) -> Answer:
        try:
            yield from self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise unreadable(error, self.path) or error from error


def journals(data: Path) -> list[Path]:
    """The journals of a unit that exist just now, those set aside after those in use."""
    live = (data / f"{name}.db" for name in ("screen", "vehicle", "uplink", "cli"))
    aside = sorted((data / "aside").glob("*.db"))
    return [path for path in live if path.exists()] + aside


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if abs(version - schema.VERSION) > 1:
        raise OperatorError(
            f"the journal {path} is of version {version} and this software knows "
            f"{schema.VERSION - 1} to {schema.VERSION + 1}: install the newer software again."
        )


def _within(rows: list[Told], limit_bytes: int) -> list[Told]:
    """The first rows that are not larger together; one at least."""
    room = limit_bytes
    for index, row in enumerate(rows):
        room -= len(row.body) + len(row.envelope or b"") if isinstance(row, Row) else 0
        if room < 0 and index:
            return rows[:index]
    return rows
