"""The one writer of a journal file: append, purge, rotate. Refuses to know what an event means.

An append is on the card when it returns. Whatever the disk refuses is as if never asked: the
next append works by itself once the disk does.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Self

import msgspec
from sqlite_utils import Database

from protocol import events, sealing
from protocol.event import MAX_BODY, Event, Key, PersonalEvent
from protocol.row import SOURCES, chain
from protocol.unit import EpochRotated

from ..clock import Anchor, BootClock, stamp
from ..errors import JournalRefused, OperatorError
from . import aside, clearing, erasing, opening, purging, rotation, witness
from .housekeeping import Housekeeping
from .lock import WriterLock
from .tail import Tail, read_tail, register_boot
from .trouble import refusal, refused_by

_SOURCES = {name: number for number, name in enumerate(SOURCES)}
_INSERT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)"
_INSERT_SEALED = "INSERT INTO sealed (id, envelope) VALUES (?, ?)"


class Journal:
    """Open it once per process; every other process reads it with `JournalReader`."""

    def __init__(
        self, path: Path, name: str, clock: BootClock, lock: WriterLock, database: Database
    ) -> None:
        self.path, self.name, self.clock = path, name, clock
        self.database = database
        """For the owner's side tables, on the same connection: wrap writes in `atomic()`."""
        self.anchor: Anchor | None = None
        """What dates new rows; the owner sets it when this boot's time is known or corrected."""
        self._lock = lock
        self._boots: dict[str, int] = {}
        self._tail = read_tail(database.conn)
        self._housekeeping = Housekeeping(path)

    @classmethod
    def open(cls, path: Path, *, name: str, clock: BootClock) -> Self:
        """Makes the file at its first opening. Raises OperatorError, one sentence.

        A damaged file is put aside, what can be read of it saved, and a new epoch begun.
        """
        with ExitStack() as undo:
            lock = opening.locked(path)
            undo.callback(lock.release)
            database = opening.database(path, name)
            undo.callback(database.close)
            journal = cls(path, name, clock, lock, database)
            journal._begin()
            undo.pop_all()
        return journal

    @property
    def epoch(self) -> int:
        """The live epoch: the one that appends go to."""
        return self._tail.epoch

    @property
    def head(self) -> int:
        """Seq of the last row written in the live epoch; 0 before the first."""
        return self._tail.id - self._tail.base

    def append(self, event: Event) -> int:
        """Writes one event; its seq. Raises JournalRefused, and then nothing was written."""
        return self._append(event.TYPE, events.encode_body(event))

    def append_made(self, make: Callable[[Key], Event]) -> Key:
        """Writes the event that `make` makes of its own key, inside the transaction."""
        with self.atomic():
            key = Key(self.epoch, self.head + 1)
            event = make(key)
            self._insert(event.TYPE, events.encode_body(event))
            return key

    def append_sealed(self, event: PersonalEvent, seal: Callable[[Key], bytes]) -> Key:
        """Writes the event with its personal fields sealed beside it: both are kept, or neither.

        `seal` makes the envelope (protocol.sealing), bound to the key it is given; the event's
        body gets the envelope's digest. Raises JournalRefused, SealError.
        """
        with self.atomic():
            key = Key(self.epoch, self.head + 1)
            envelope = seal(key)
            if len(envelope) > sealing.MAX_ENVELOPE:
                raise _too_large(
                    "the envelope of " + event.TYPE, len(envelope), sealing.MAX_ENVELOPE
                )
            if not sealing.decode(envelope).fields.keys() <= set(event.PERSONAL):
                raise ValueError(f"{event.TYPE} has no such personal fields")
            told = msgspec.structs.replace(event, sealed=sealing.digest(envelope))
            self._insert(event.TYPE, events.encode_body(told))
            self.database.conn.execute(_INSERT_SEALED, (self._tail.id, envelope))
            return key

    def append_raw(self, type_name: str, body: bytes) -> int:
        """Writes JSON of a type this software may not know. Raises OperatorError too."""
        try:
            events.decode_body(type_name, body)
            canonical = events.canonical(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise OperatorError(f"this is no {type_name}: {error}; nothing was kept.") from error
        return self._append(type_name, canonical)

    def _append(self, type_name: str, body: bytes) -> int:
        if self.database.conn.in_transaction or self.clock.boot_id not in self._boots:
            with self.atomic():
                return self._insert(type_name, body)
        try:
            # One statement is a transaction of its own, and a third of the work of three.
            return self._insert(type_name, body)
        except sqlite3.Error as error:
            self._refuse(error)
            raise

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All of it on the card, or nothing. May be nested. Raises JournalRefused."""
        before, boots = self._tail, self._boots
        try:
            with self.database.atomic():
                yield
        except BaseException as error:
            self._tail, self._boots = before, boots
            self._refuse(error)
            raise

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """What the disk refuses outside a transaction, told as any refusal."""
        try:
            yield
        except OSError as error:
            raise refused_by(error, self.path) from error
        except sqlite3.Error as error:
            self._refuse(error)
            raise

    def _refuse(self, error: BaseException) -> None:
        """Raises JournalRefused when the disk is behind the error."""
        refused = refusal(error, self.path) if isinstance(error, sqlite3.Error) else None
        if refused is not None:
            raise refused from error

    def _insert(self, type_name: str, body: bytes) -> int:
        """The hot path, in as few steps as it can be told in."""
        if len(body) > MAX_BODY:
            raise _too_large(type_name, len(body), MAX_BODY)
        now, tail = stamp(self.clock, self.anchor), self._tail
        number = tail.id + 1
        seq = number - tail.base
        digest = chain(tail.digest, tail.epoch, seq, type_name, body, now.boot_id, now.boottime)
        boot = self._boots.get(now.boot_id) or self._registered(now.boot_id)
        when = (boot, now.boottime, now.utc, _SOURCES[now.source], now.error)
        self.database.conn.execute(_INSERT, (number, type_name, body, *when, digest))
        self._tail = Tail(tail.epoch, tail.base, number, digest)
        return seq

    def _registered(self, boot_id: str) -> int:
        boot = register_boot(self.database.conn, boot_id)
        self._boots = {**self._boots, boot_id: boot}
        return boot

    def purge(self, watermark: int, *, epoch: int | None = None) -> int:
        """Forgets receipted rows whose time on board is over, at most 5,000; how many.

        `watermark`: the last receipted seq of `epoch` (the live one unless told).
        Raises JournalRefused.
        """
        now = stamp(self.clock, self.anchor)
        with self.atomic():
            forgotten = purging.purge(self.database.conn, epoch or self.epoch, watermark, now)
        with self._refusing():
            purging.give_back(self.database.conn)
        return forgotten

    def remember_time(self) -> None:
        """Once a turn: lets the time that is believed move on, and what is over by it go.

        (appliance/retention.py; rows go with `purge`, envelopes here.) Raises JournalRefused.
        """
        now = stamp(self.clock, self.anchor)
        with self.atomic():
            purging.remember(self.database.conn, now.utc)
            erased = erasing.turn(self.database.conn, now)
        if erased:
            with self._refusing():
                erasing.clear_log(self.database.conn)
        witness.write(self.database.conn, self.path)

    def clear_aside(self, receipted: Mapping[int, int]) -> None:
        """Envelopes in files put aside go a day after the receipt, too (journal/clearing.py).

        `receipted`: epoch → last receipted seq. Raises JournalRefused.
        """
        with self._refusing():
            for path in aside.files(self.path):
                clearing.clear(self.database.conn, path, receipted)

    def rotate(self, fork_at: int) -> None:
        """Goes on under a new epoch from `fork_at` on: the ledger knows other rows there.

        All in one transaction; the rows keep their old key as their origin.
        """
        with self.atomic():
            fork = Key(self.epoch, fork_at)
            self._tail = rotation.rotate(self.database.conn, self._tail, fork_at, self.name)
            self._insert(EpochRotated.TYPE, events.encode_body(EpochRotated(fork=fork)))
        witness.write(self.database.conn, self.path)

    def housekeep(self, now: float) -> None:
        """Hourly and at start (`now`: monotonic seconds): purges and rotates as receipts allow.

        Cheap when it is not time. Raises JournalRefused.
        """
        self._housekeeping.step(self, now)

    def _begin(self) -> None:
        """What a start leaves behind: this boot's name, and word of what was put aside."""
        # On a full disk a screen must start all the same; the next start makes up for it.
        with suppress(JournalRefused):
            with self.atomic():
                self._registered(self.clock.boot_id)
            for event in list(aside.untold(self.path.parent, self.name, self.database.conn)):
                with self.atomic():
                    self._insert(event.TYPE, events.encode_body(event))
                    aside.mark_told(self.database.conn, event)
        witness.write(self.database.conn, self.path)

    def close(self) -> None:
        """May be called twice."""
        self.database.close()
        self._lock.release()


def _too_large(what: str, size: int, most: int) -> JournalRefused:
    return JournalRefused(
        "too_large",
        f"{what} of {size} bytes is more than a journal row holds ({most}): shorten it.",
    )
