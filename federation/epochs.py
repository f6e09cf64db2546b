"""How far each journal has come: read once, saved once in a transaction. Decides nothing.

A backlog comes as many batches of the same few journals; each would ask and save again.
"""

from typing import NamedTuple

import msgspec

from .absorb import EpochState, Proof
from .database import Database

_SAVE = """
INSERT INTO epoch
    (unit, epoch, journal, stored_to, digest, fork_at, proved_to, proved, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (unit, epoch) DO UPDATE SET journal = excluded.journal,
    stored_to = excluded.stored_to, digest = excluded.digest, fork_at = excluded.fork_at,
    proved_to = coalesce(excluded.proved_to, epoch.proved_to),
    proved = coalesce(excluded.proved, epoch.proved), state = excluded.state
"""
_states = msgspec.json.Decoder(EpochState)
_to_json = msgspec.json.Encoder().encode


class Held(NamedTuple):
    """One journal's epoch."""

    journal: str
    state: EpochState
    digest: bytes | None
    """Of the row at the watermark."""
    proved: Proof | None = None
    """None: as it was."""


MOST = 20_000
"""Epochs that are remembered: of a few thousand units all that are in use."""


class Epochs:
    """As the tables have them, at the hand of the one writer, whom nobody contradicts."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: dict[tuple[str, int], Held] = {}
        self._unsaved: dict[tuple[str, int], None] = {}

    def get(self, unit: str, epoch: int) -> Held | None:
        """As it stands now; None: it is new."""
        held = self._held.get((unit, epoch))
        if held is None:
            row = self._database.execute(
                "SELECT journal, state, digest FROM epoch WHERE unit = ? AND epoch = ?",
                (unit, epoch),
            ).fetchone()
            if row is None:
                return None
            held = self._held[unit, epoch] = Held(row[0], _states.decode(row[1]), row[2] or None)
        return held

    def put(self, unit: str, epoch: int, now: Held) -> None:
        """How it stands from now on."""
        before = self._held.get((unit, epoch))
        if now.proved is None and before is not None:
            now = now._replace(proved=before.proved)
        self._held[unit, epoch] = now
        self._unsaved[unit, epoch] = None

    def count(self, unit: str) -> int:
        """How many a unit has."""
        self.save()
        counted = self._database.execute("SELECT count(*) FROM epoch WHERE unit = ?", (unit,))
        return int(counted.fetchone()[0])

    def save(self) -> None:
        """Into the table, in the caller's transaction."""
        if self._unsaved:
            self._database.executemany(_SAVE, [self._line(key) for key in self._unsaved])
            self._unsaved.clear()
        if len(self._held) > MOST:
            self._held.clear()

    def forget(self) -> None:
        """The transaction was undone: the tables are asked again."""
        self._held.clear()
        self._unsaved.clear()

    def _line(self, key: tuple[str, int]) -> tuple[object, ...]:
        held = self._held[key]
        state = held.state
        told = (held.journal, state.stored_to, held.digest or b"", state.fork_at)
        return (*key, *told, *(held.proved or (None, None)), _to_json(state))
