"""How much of what each unit noted is in the ledger, at a position. Reads; decides no figure."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from protocol import messages
from protocol.messages import Status

from .. import fleet
from ..absorb import EpochState
from ..database import Database
from ..fleet import JournalLine
from .machines import Completeness

_UNITS = "SELECT unit, status, status_received FROM unit ORDER BY unit"
_EPOCHS = "SELECT epoch, journal, state FROM epoch WHERE unit = ?"
_AT = "SELECT coalesce(utc, received) FROM dated WHERE unit = ? AND epoch = ? AND seq = ?"
_NEWEST = "SELECT coalesce(max(id), 0) FROM event"
_THEN = """
SELECT unit, max(coalesce(utc, received)) FROM dated WHERE id <= ? GROUP BY unit ORDER BY unit
"""
_LOST = """
SELECT unit, count(*) FROM event WHERE id <= ? AND body IS NULL GROUP BY unit ORDER BY unit
"""
_states: Final = msgspec.json.Decoder(EpochState)


def read(ledger: Database, position: int) -> Iterator[Completeness]:
    """Every unit's. Of a position in the past only the last word of it is known."""
    if position < int(ledger.execute(_NEWEST).fetchone()[0]):
        lost = dict(ledger.execute(_LOST, (position,)).fetchall())
        for unit, moment in ledger.execute(_THEN, (position,)).fetchall():
            yield Completeness(unit=unit, complete_to=moment, lost=lost.get(unit, 0))
        return
    for unit, said, received in ledger.execute(_UNITS).fetchall():
        yield _now(ledger, unit, said, received)


def oldest(told: Iterator[Completeness]) -> int | None:
    """The moment up to which nothing of any of these units is missing; None: not known."""
    moments = [each.complete_to for each in told]
    known = [moment for moment in moments if moment is not None]
    return min(known) if known and len(known) == len(moments) else None


def _now(ledger: Database, unit: str, said: bytes | None, received: int | None) -> Completeness:
    word = messages.decode(bytes(said), Status) if said is not None else None
    epochs = ledger.execute(_EPOCHS, (unit,)).fetchall()
    lines = fleet.journal_lines(
        ((epoch, journal, _states.decode(state)) for epoch, journal, state in epochs), word
    )
    _, _, backlog = fleet.totals(lines)
    behind = [line for line in lines if line.backlog > 0 and line.fork_at is None]
    held = [_moment(ledger, unit, line) for line in behind or lines]
    reached = [moment for moment in held if moment is not None]
    if not behind and word is not None and received is not None:
        # It said that it holds nothing more.
        reached = [received]
    complete_to = (min if behind else max)(reached, default=None)
    lost = sum(line.rejected for line in lines) + (word.quarantined if word is not None else 0)
    return Completeness(
        unit=unit,
        complete_to=complete_to,
        waiting=backlog if word is not None else None,
        lost=lost,
    )


def _moment(ledger: Database, unit: str, line: JournalLine) -> int | None:
    found: Any = ledger.execute(_AT, (unit, line.epoch, line.watermark)).fetchone()
    return None if found is None else found[0]
