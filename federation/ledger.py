"""The ledger: every event of every unit once, and how far each journal has come.

One process writes it, through one connection. It never changes or drops a fact: what
contradicts it is a fork and is answered, what cannot be read is kept as bytes (unread.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from protocol.batch import Batch, Range
from protocol.messages import Receipt
from protocol.row import Row
from protocol.topics import partition

from . import envelopes, epochs, lines, receipts
from .absorb import EpochState, Flag, Held, Proof, absorb, proof, reject
from .config import Store
from .database import ALL, Database, open_ledger
from .epochs import MOST, Epochs
from .spans import Span, outside

MAX_EPOCHS = 300
"""Of one unit: no honest one has so many, and a receipt that lists more would be too large."""

TOGETHER = 100
"""Units asked for in one question."""
PATIENCE = 5.0
"""Seconds: a worker that was killed is missed by PostgreSQL a moment later."""

_SETTLE = """
UPDATE quarantine SET settled = 1, payload = :nothing
WHERE unit = :unit AND epoch = :epoch AND settled = 0 AND last - first + 1 = (
    SELECT count(*) FROM event WHERE unit = :unit AND epoch = :epoch AND seq BETWEEN first AND last)
"""
_REJECTED = """
SELECT unit, epoch, first, last, reason FROM quarantine
WHERE unit IN ({}) AND epoch IS NOT NULL AND settled = 0 ORDER BY +id
"""
_EPOCHS = """
SELECT unit, epoch, stored_to, digest, fork_at, proved_to, proved FROM epoch
WHERE unit IN ({}) ORDER BY unit, epoch
"""


class Refused(Exception):
    """Nothing says where in the ledger it belongs; the message says why."""


class Ledger:
    """The one writer. Everything inside `transaction()` is durable when it ends."""

    def __init__(self, database: Database, partitions: frozenset[int] = ALL) -> None:
        self.database, self.partitions = database, partitions
        self.envelopes = 0
        """How many it was given so far: whoever erases looks again when there are more."""
        self._epochs = Epochs(database)
        self._sealed: list[tuple[str, int, list[Row], int]] = []
        self._boots: dict[tuple[str, str], int] = {}
        self.listed = set[str]()
        """Units that are in the table of units for certain."""

    @classmethod
    def open(cls, store: Store, partitions: Iterable[int] = ALL) -> "Ledger":
        """Opens or creates it. Raises OperatorError: a second writer, not a ledger, the disk.

        In SQLite a writer has every partition, whatever it receives.
        """
        database = open_ledger(store, partitions, patience=PATIENCE)
        return cls(database, ALL if database.kind == "sqlite" else frozenset(partitions))

    def is_ours(self, unit: str) -> bool:
        """Whether no other writer may write of that unit."""
        return partition(unit) in self.partitions

    def close(self) -> None:
        """Lets the next writer in."""
        self.database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One durable commit. Raises OperatorError when the disk refuses; nothing is half done."""
        try:
            with self.database.transaction():
                yield
                self._write_down()
        except BaseException:
            self.forget()
            raise
        self.database.announce()

    def forget(self) -> None:
        """What is remembered of the tables may not be so: they are asked again."""
        self._epochs.forget()
        self._sealed.clear()
        self._boots.clear()
        self.listed.clear()

    def store(self, batch: Batch, received: int) -> None:
        """Takes what is new of a readable batch. Raises Refused, having changed nothing.

        Inside a transaction; `received` in milliseconds since 1970.
        """
        header = batch.header
        unit, epoch, span = header.unit, header.epoch, Span(header.first, header.last)
        state, digest = self._epoch(unit, epoch)
        if state.stored_to != span.first - 1:
            digest = self._digest(unit, epoch, span.first - 1)
        arrival = lines.arrival(batch)
        known = self._known(unit, epoch, state, span)
        decision = absorb(state, arrival, digest, known)
        if decision.refused:
            raise Refused(decision.refused)
        # What compares rows with others needs all that came before to be written down.
        plain = not known and decision.state.fork_at is None and not lines.are_moved(batch.rows)
        if not plain:
            self._write_down()
        lines.write(self.database, self._boots, batch, decision.take, set(known), received)
        if decision.state.fork_at is not None:
            lines.mark_copies(self.database, unit, epoch, span)
        self._flag(unit, epoch, decision.flags, received)
        self._sealed.append((unit, epoch, envelopes.sealed(batch.rows), received))
        written_last = decision.take and decision.take[-1].last == span.last
        at_hand = written_last and decision.state.stored_to == span.last
        at_watermark = batch.rows[-1].digest if at_hand else None
        proved = proof(arrival, digest, decision)
        self._save(unit, epoch, header.journal, decision.state, at_watermark, proved)
        if not plain:
            self._write_down()
        if state.rejected:
            wanted = {"unit": unit, "epoch": epoch, "nothing": b""}
            self.database.execute(_SETTLE, wanted)

    def reject(self, unit: str, claimed: Range) -> None:
        """Counts a range as stored that cannot be read. Raises Refused, having changed nothing."""
        state, _ = self._epoch(unit, claimed.epoch)
        decision = reject(state, Span(claimed.first, claimed.last))
        if decision.refused:
            raise Refused(decision.refused)
        if not decision.take:
            raise Refused("all its rows are in the ledger already")
        self._save(unit, claimed.epoch, claimed.journal, decision.state)

    def receipt(self, unit: str) -> Receipt:
        """All that a unit must know of its journals."""
        return self.receipts([unit])[unit]

    def receipts(self, units: Sequence[str]) -> dict[str, Receipt]:
        """The same of several, asked together."""
        self._write_down()
        lines_: dict[str, list[receipts.EpochLine]] = {unit: [] for unit in units}
        rejected: dict[str, list[receipts.RejectedLine]] = {unit: [] for unit in units}
        for start in range(0, len(units), TOGETHER):
            some = units[start : start + TOGETHER]
            places = ", ".join("?" * len(some))
            for unit, *row in self.database.execute(_EPOCHS.format(places), some):
                lines_[unit].append(receipts.EpochLine(*row))
            for unit, *row in self.database.execute(_REJECTED.format(places), some):
                rejected[unit].append(receipts.RejectedLine(*row))
        return {unit: receipts.build(lines_[unit], rejected[unit]) for unit in units}

    def _write_down(self) -> None:
        """What was put off so that rows could follow rows."""
        if len(self._boots) > MOST:
            self._boots.clear()
        self._epochs.save()
        waiting, self._sealed = self._sealed, []
        for unit, epoch, rows, received in waiting:
            if rows:
                kept, wrong = envelopes.keep(self.database, unit, epoch, rows)
                self.envelopes += kept
                self._flag(unit, epoch, wrong, received)

    def _epoch(self, unit: str, epoch: int) -> tuple[EpochState, bytes | None]:
        """How far it has come, and the digest there. Raises Refused for one epoch too many."""
        held = self._epochs.get(unit, epoch)
        if held is not None:
            return held.state, held.digest
        count = self._epochs.count(unit)
        if count >= MAX_EPOCHS:
            raise Refused(f"the unit has {count} epochs already")
        return EpochState(), None

    def _known(self, unit: str, epoch: int, state: EpochState, span: Span) -> Mapping[int, Held]:
        if outside(state.counted, span) == (span,):
            return {}
        rows = self.database.execute(
            "SELECT seq, digest, body IS NULL FROM event"
            " WHERE unit = ? AND epoch = ? AND seq BETWEEN ? AND ?",
            (unit, epoch, *span),
        )
        return {seq: Held(digest, bool(hollow)) for seq, digest, hollow in rows}

    def _digest(self, unit: str, epoch: int, seq: int) -> bytes | None:
        row = self.database.execute(
            "SELECT digest FROM event WHERE unit = ? AND epoch = ? AND seq = ?", (unit, epoch, seq)
        ).fetchone()
        return row[0] if row else None

    def _save(
        self,
        unit: str,
        epoch: int,
        journal: str,
        state: EpochState,
        digest: bytes | None = None,
        proved: Proof | None = None,
    ) -> None:
        """`digest`: of the row at the watermark, when the caller has it at hand."""
        digest = digest or self._digest(unit, epoch, state.stored_to)
        self._epochs.put(unit, epoch, epochs.Held(journal, state, digest, proved))

    def _flag(self, unit: str, epoch: int, flags: tuple[Flag, ...], received: int) -> None:
        if flags:
            self.database.executemany(
                "INSERT INTO flag (unit, epoch, seq, kind, received) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                [(unit, epoch, flag.seq, flag.kind, received) for flag in flags],
            )
