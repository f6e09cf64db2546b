"""Keeps, as they came, messages that cannot be read or believed. Drops none that counts."""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import NamedTuple

import msgspec

from protocol.batch import Range

from .database import Database
from .source import Delivery

KEPT_APART = 1000
"""Messages per unit that are kept though nothing of them counts as stored: the newest."""
APART_IN_ALL = 10_000
"""Of all units together: whoever owns the broker can invent as many names as he likes."""
REASON = 120
"""Characters: it travels in receipts."""

_KEEP = """
INSERT INTO quarantine
    (unit, topic, mark, epoch, first, last, reason, received, properties, payload)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING RETURNING id
"""
_FORGET = """
DELETE FROM quarantine WHERE unit = :unit AND epoch IS NULL AND id <= (
    SELECT id FROM quarantine WHERE unit = :unit AND epoch IS NULL
    ORDER BY id DESC LIMIT 1 OFFSET :kept)
"""
_FORGET_OF_ALL = "DELETE FROM quarantine WHERE epoch IS NULL AND id <= ?"

_WAITING = "SELECT id, unit FROM quarantine WHERE settled = 0 ORDER BY id"
_WAITING_OF = "SELECT id, unit FROM quarantine WHERE settled = 0 AND unit = ? ORDER BY id"
_KEPT = """
SELECT received, topic, payload, properties FROM quarantine WHERE id = ? AND settled = 0
"""


class Kept(NamedTuple):
    """A message that waits to be read."""

    number: int
    received: int
    """Milliseconds since 1970."""
    delivery: Delivery


def keep(
    database: Database,
    unit: str,
    delivery: Delivery,
    reason: str,
    received: int,
    claimed: Range | None = None,
) -> bool:
    """Keeps a message once, however often it comes; whether it is the first time.

    With `claimed` its rows count as stored, and these bytes are all there is of them. Without,
    it is kept apart: the unit still has its rows, so only the newest are kept, all are counted.
    """
    properties = msgspec.json.encode(delivery.properties)
    mark = blake2b(delivery.topic.encode(), digest_size=16)
    mark.update(properties)
    mark.update(delivery.payload)
    epoch, first, last = claimed[1:] if claimed else (None, None, None)
    fresh = database.execute(
        _KEEP,
        (
            unit, delivery.topic, mark.digest(), epoch, first, last, reason[:REASON], received,
            properties, delivery.payload,
        ),
    ).fetchall()  # fmt: skip
    if fresh and claimed is None:
        database.execute("UPDATE unit SET apart = apart + 1 WHERE unit = ?", (unit,))
        database.execute(_FORGET, {"unit": unit, "kept": KEPT_APART})
        database.execute(_FORGET_OF_ALL, (fresh[0][0] - APART_IN_ALL,))
    return bool(fresh)


def kept(
    database: Database, unit: str | None = None, *, of: Callable[[str], bool] = lambda _unit: True
) -> Iterator[Kept]:
    """Everything that waits to be read, of one unit or of all those, oldest first.

    One at a time, for together they may be more than memory holds.
    """
    asked = database.execute(_WAITING) if unit is None else database.execute(_WAITING_OF, (unit,))
    for number in [number for number, name in asked.fetchall() if of(name)]:
        row = database.execute(_KEPT, (number,)).fetchone()
        if row is not None:  # it may have been settled meanwhile, by a range that it was a part of
            received, topic, payload, properties = row
            pairs = msgspec.json.decode(properties, type=tuple[tuple[str, str], ...])
            yield Kept(number, received, Delivery(topic, payload, pairs))


def settle(database: Database, number: int) -> None:
    """It was read after all: its rows are in the ledger, so its bytes are wanted no more.

    They may hold sealed fields, which must be in one place alone to be erased.
    """
    database.execute("UPDATE quarantine SET settled = 1, payload = ? WHERE id = ?", (b"", number))
