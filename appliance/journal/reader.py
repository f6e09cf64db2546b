"""A journal as every process but its owner sees it: read-only, for one step, then closed.

A reader never makes the owner wait. Refuses to tell a row whose chain is broken for a row: it
is told as a tombstone.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import msgspec

from protocol import events
from protocol.event import Event, Key
from protocol.row import NO_DIGEST, SOURCES, Row, Tombstone

from ..errors import OperatorError
from . import schema, sound


class Span(NamedTuple):
    """One epoch of a file: rows `purged_to + 1` to `head` are there."""

    epoch: int
    journal: str
    base: int
    purged_to: int
    purged_digest: bytes
    head: int


class Entry(NamedTuple):
    """An event as the unit's own rooms read it."""

    key: Key
    """The first key it ever had: what other events cite it by."""
    type: str
    event: Event | dict[str, Any]
    """A dict when this software does not know the type."""
    boot_id: str
    boottime: int
    utc: int | None
    """As it was known when the row was made; an anchor of its boot may know better."""


_EVENTS = (
    "SELECT id, type, body, boot, boottime, utc, source, error, digest, origin_epoch, origin_seq"
    " FROM event WHERE"
)


class JournalReader:
    """Use it in a `with`; what it sees does not change meanwhile."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._boots: dict[int, str] = {}
        connection.execute("BEGIN")
        self.spans = _spans(connection)
        """Epochs in the order they were begun; the last one is live."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Raises OperatorError when there is no such journal, or none that can be read."""
        try:
            connection = schema.connect_reading(path)
        except sqlite3.Error as error:
            raise OperatorError(f"cannot read the journal {path}: {error}.") from error
        try:
            _check_version(connection, path)
            return cls(path, connection)
        except BaseException as error:
            connection.close()
            if isinstance(error, sqlite3.Error):
                raise OperatorError(f"cannot read the journal {path}: {error}.") from error
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
        for span in self.spans:
            if span.epoch == epoch:
                return span
        raise KeyError(epoch)

    def rows(
        self,
        after_seq: int,
        *,
        epoch: int | None = None,
        limit_bytes: int = 1 << 20,
        limit_rows: int = 1000,
    ) -> list[Row | Tombstone]:
        """The rows from `after_seq + 1` on, dense; at least one, if there is one.

        At most `limit_rows`, and bodies of `limit_bytes` together. Purged rows are tombstones.
        """
        span = self.span(epoch)
        last = min(span.head, after_seq + limit_rows)
        # One row more than asked: it bears witness for the last one.
        rows = self._dense(span, after_seq, min(span.head, last + 1))
        previous = self.digest(after_seq, epoch=span.epoch)
        if not sound.is_whole(rows, span.epoch, previous):
            rows = sound.believed(rows, span.epoch, previous)
        return _within(rows[: max(last - after_seq, 0)], limit_bytes)

    def _dense(self, span: Span, after: int, last: int) -> list[sound.Told]:
        """Every seq of a range as it is stored; a tombstone where nothing is."""
        rows = self._stored(span, span.base + after, span.base + last)
        if len(rows) == last - after:
            return rows
        found = {row.seq: row for row in rows}
        if span.purged_to:
            found[span.purged_to] = Tombstone(span.purged_to, "", 0, span.purged_digest)
        return [found.get(seq) or sound.lost(seq) for seq in range(after + 1, last + 1)]

    def _stored(self, span: Span, after: int, last: int) -> list[sound.Told]:
        boots = self._boot_ids()
        return [
            Row(
                number - span.base,
                type_name,
                body,
                boots.get(boot, ""),
                boottime,
                utc,
                SOURCES[source],
                error,
                digest,
                None if origin_epoch is None else Key(origin_epoch, origin_seq),
            )
            if body is not None
            else Tombstone(number - span.base, type_name, 0, digest)
            for (
                number,
                type_name,
                body,
                boot,
                boottime,
                utc,
                source,
                error,
                digest,
                origin_epoch,
                origin_seq,
            ) in self._connection.execute(
                f"{_EVENTS} id > ? AND id <= ? ORDER BY id", (after, last)
            )
        ]

    def digest(self, seq: int, *, epoch: int | None = None) -> bytes | None:
        """The digest of a row, as a batch names it; None when it is not here any more."""
        span = self.span(epoch)
        if seq == 0:
            return NO_DIGEST
        if seq == span.purged_to:
            return span.purged_digest
        row = self._connection.execute(
            "SELECT digest FROM event WHERE id = ? AND id <= ?",
            (span.base + seq, span.base + span.head),
        ).fetchone()
        return bytes(row[0]) if row else None

    def entries(
        self, types: Sequence[str], after: Key | None = None, *, newest_first: bool = False
    ) -> Iterator[Entry]:
        """Events of these types in the order they were made, over all epochs of the file.

        `after`: the key of an entry, or None; a key this file does not know is as None.
        """
        marks = ", ".join("?" * len(types))
        order = "DESC" if newest_first else "ASC"
        found = self._connection.execute(
            f"{_EVENTS} id > ? AND type IN ({marks}) AND body IS NOT NULL ORDER BY id {order}",
            (self._id_of(after), *types),
        )
        return (self._entry(columns) for columns in found)

    def latest(self, types: Sequence[str]) -> Entry | None:
        """The last event of these types; quick for landmarks (journal/schema.py), however old."""
        found = [
            self._connection.execute(
                # The type is spelt out: SQLite uses a partial index for constants alone.
                f"{_EVENTS} type = '{name}' AND body IS NOT NULL ORDER BY id DESC LIMIT 1"
            ).fetchone()
            for name in types
            if name in events.TYPES
        ]
        rows = [columns for columns in found if columns is not None]
        return self._entry(max(rows)) if rows else None

    def close(self) -> None:
        """May be called twice."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _boot_ids(self) -> dict[int, str]:
        if not self._boots:
            self._boots = dict(self._connection.execute("SELECT id, boot_id FROM boot"))
        return self._boots

    def _id_of(self, key: Key | None) -> int:
        bases = {span.epoch: span.base for span in self.spans}
        return bases[key.epoch] + key.seq if key is not None and key.epoch in bases else 0

    def _entry(self, columns: tuple[Any, ...]) -> Entry:
        number, type_name, body, boot, boottime, utc, _, _, _, origin_epoch, origin_seq = columns
        span = next(span for span in reversed(self.spans) if span.base < number)
        key = Key(span.epoch, number - span.base)
        if origin_epoch is not None:
            key = Key(origin_epoch, origin_seq)
        boot_id = self._boot_ids().get(boot, "")
        return Entry(key, type_name, _decoded(type_name, body), boot_id, boottime, utc)


def journals(data: Path) -> list[Path]:
    """The journals of a unit that exist just now, those set aside after those in use."""
    live = (data / f"{name}.db" for name in ("screen", "vehicle", "uplink", "cli"))
    aside = sorted((data / "aside").glob("*.db"))
    return [path for path in live if path.exists()] + aside


def _spans(connection: sqlite3.Connection) -> list[Span]:
    found = connection.execute(
        "SELECT epoch, journal, base, purged_to, purged_digest FROM epoch ORDER BY number"
    ).fetchall()
    last = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    ends = [row[2] for row in found[1:]] + [max(last[0] if last else 0, found[-1][2])]
    return [Span(*(*row, end - row[2])) for row, end in zip(found, ends, strict=True)]


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if abs(version - schema.VERSION) > 1:
        raise OperatorError(
            f"the journal {path} is of version {version}, this software reads "
            f"{schema.VERSION - 1} to {schema.VERSION + 1}: install the same on every process."
        )


def _within(rows: list[sound.Told], limit_bytes: int) -> list[sound.Told]:
    """The first rows whose bodies are not larger together; one at least."""
    room = limit_bytes
    for index, row in enumerate(rows):
        room -= len(row.body) if isinstance(row, Row) else 0
        if room < 0 and index:
            return rows[:index]
    return rows


def _decoded(type_name: str, body: bytes) -> Event | dict[str, Any]:
    try:
        return events.decode_body(type_name, body)
    except msgspec.ValidationError:
        # Written by newer software, whose type has come to mean more.
        return msgspec.json.decode(body, type=dict[str, Any])
