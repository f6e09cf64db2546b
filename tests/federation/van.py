"""A unit as the federation meets it: one journal, its batches, its obedience to receipts."""

import copy
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from federation.source import Delivery
from protocol import batch, signing, topics
from protocol.event import Event, Key
from protocol.events import encode_body
from protocol.messages import Receipt, Stored
from protocol.row import NO_DIGEST, Row, Tombstone, chain
from tests.trusted import Trusted

UNIT = "van-germaine"
TRUSTED = Trusted()
BEGINS, LIFE = datetime(2020, 1, 1, tzinfo=UTC), timedelta(days=20 * 365)
"""Of the certificates of vans that do not try their limits."""
_new_epochs = itertools.count(1_000_000)


@cache
def key_of(unit: str) -> Ed25519PrivateKey:
    """The key that a unit has had from the beginning."""
    return TRUSTED.client(unit, begins=BEGINS, life=LIFE)[0]


@cache
def certificate_of(unit: str) -> bytes:
    """The certificate of that key."""
    key_of(unit)
    return TRUSTED.issued[unit].public_bytes(Encoding.DER)


class Van:
    """Keeps one journal and sends it as the protocol says."""

    def __init__(self, unit: str = UNIT, epoch: int = 7, journal: str = "screen") -> None:
        self.unit, self.epoch, self.journal = unit, epoch, journal
        self.rows: list[Row | Tombstone] = []
        self.cursor = self.sent_to = 0
        self.boot_id, self.boottime = "boot-1", 0
        self.utc_at_boot: int | None = None
        self.older: list[Van] = []
        """What stays under the keys it had when this journal was rotated."""

    @property
    def head(self) -> int:
        """Last seq written."""
        return len(self.rows)

    def append(
        self,
        event: Event | None = None,
        *,
        kind: str = "",
        body: bytes = b"{}",
        envelope: bytes | None = None,
    ) -> Row:
        """Writes an event, or any type and body."""
        if event is not None:
            kind, body = event.TYPE, encode_body(event)
        self.boottime += 1000
        row = self._chained(self.head + 1, kind, body, self.boot_id, self.boottime, None)
        row = row._replace(envelope=envelope)
        self.rows.append(row)
        return row

    def note(self, number: int) -> Row:
        """Writes a fact that can be told from every other."""
        return self.append(kind="visit.noted", body=b'{"number":%d}' % number)

    def notes(self, count: int) -> "Van":
        """Writes so many facts, numbered by their seq."""
        for _ in range(count):
            self.note(self.head + 1)
        return self

    def digest(self, seq: int) -> bytes:
        """Digest of a row of this journal."""
        return self.rows[seq - 1].digest if seq else NO_DIGEST

    def header(self, first: int, last: int) -> batch.Header:
        """What a batch of these rows says of itself."""
        previous = self.digest(first - 1)
        told = "" if first > 1 and previous == NO_DIGEST else previous.hex()
        return batch.Header(
            unit=self.unit,
            journal=self.journal,
            epoch=self.epoch,
            first=first,
            last=last,
            previous=told,
        )

    def batch(self, first: int, last: int) -> batch.Batch:
        """These rows as the federation decodes them."""
        return batch.decode(self.payload(first, last))

    def payload(self, first: int, last: int) -> bytes:
        """These rows as they are signed."""
        return batch.encode(self.header(first, last), self.rows[first - 1 : last])

    def delivery(self, first: int, last: int, *, damaged: bool = False) -> Delivery:
        """These rows as a message; a damaged one cannot be read."""
        self.sent_to = max(self.sent_to, last)
        payload = b"\x01broken" if damaged else self.payload(first, last)
        return signed(self.unit, batch.properties(self.header(first, last))[0][1], payload)

    def heard(self, receipt: Receipt) -> None:
        """Moves the cursor, or goes on under a new epoch after a fork."""
        for older in self.older:
            older.heard(receipt)
        stored = receipt.epochs.get(str(self.epoch))
        if stored is None:
            return
        ours = self._is_ours(stored)
        provoked = self.cursor < (stored.fork_at or 0) <= self.sent_to
        if stored.fork_at and provoked and not (ours and stored.stored_to >= stored.fork_at):
            self.cursor = max(self.cursor, min(stored.stored_to, stored.fork_at - 1))
            self._rotate(stored.fork_at)
        elif ours:
            self.cursor = max(self.cursor, stored.stored_to)
        elif self._is_proved(stored):
            self.cursor = max(self.cursor, stored.proved_to)

    def journals(self) -> Iterator["Van"]:
        """Itself and all that stays under older keys."""
        yield self
        for older in self.older:
            yield from older.journals()

    def restored(self) -> "Van":
        """The same card, as it is now: what a back-up of it would bring back."""
        return copy.deepcopy(self)

    def _is_ours(self, stored: Stored) -> bool:
        if stored.digest == "":
            return stored.stored_to <= self.sent_to
        return (
            stored.stored_to <= self.head and self.digest(stored.stored_to).hex() == stored.digest
        )

    def _is_proved(self, stored: Stored) -> bool:
        """The ledger is further on in a clone's history: so much of it is this one's, too."""
        known = 0 < stored.proved_to <= self.head
        return known and self.digest(stored.proved_to).hex() == stored.proved

    def _rotate(self, fork_at: int) -> None:
        moved = self.rows[fork_at - 1 :]
        rest = Van(self.unit, self.epoch, self.journal)
        rest.rows, rest.cursor = self.rows[: fork_at - 1], min(self.cursor, fork_at - 1)
        self.older.append(rest)
        old, self.epoch = self.epoch, next(_new_epochs)
        self.rows, self.cursor, self.sent_to = [], 0, 0
        for row in moved:
            assert isinstance(row, Row)
            self.rows.append(
                self._chained(
                    self.head + 1,
                    row.type,
                    row.body,
                    row.boot_id,
                    row.boottime,
                    row.origin or Key(old, row.seq),
                )._replace(envelope=row.envelope)
            )

    def _chained(
        self, seq: int, kind: str, body: bytes, boot_id: str, boottime: int, origin: Key | None
    ) -> Row:
        utc = None if self.utc_at_boot is None else self.utc_at_boot + boottime
        digest = chain(self.digest(seq - 1), self.epoch, seq, kind, body, boot_id, boottime)
        source = "none" if utc is None else "gps"
        return Row(seq, kind, body, boot_id, boottime, utc, source, 0, digest, origin)


def signed(
    unit: str, rows: str, payload: bytes, *, key: Ed25519PrivateKey | None = None
) -> Delivery:
    """A batch as a unit sends it, whatever it says it holds."""
    message = signing.sign(key or key_of(unit), "batch", f"{unit} {rows}", payload)
    return Delivery(topics.up(unit, "batch"), message, (("rows", rows),))
