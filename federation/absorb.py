"""Decides what of an arriving range enters the ledger. Pure: reads no table, writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from protocol.row import NO_DIGEST, Row, Tombstone

from .spans import Span, Spans, add, outside, reach, union, without

MAX_ISLANDS = 1000
"""Ranges behind gaps in one epoch: no honest unit sends so unevenly."""


class EpochState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one epoch of a unit has come."""

    counted: Spans = ()
    """Seqs that need not be sent again: rows, and ranges that were rejected."""
    rejected: Spans = ()
    """The part of them that is kept as unread bytes."""
    fork_at: int | None = None
    """First seq that differs, of the history that last differed from the ledger's."""
    claims: dict[int, bytes] = {}
    """First seq behind a gap → the digest its batch says the row before it has."""
    barriers: tuple[int, ...] = ()
    """Seqs whose claim proved wrong: they follow from other rows than those before them here."""

    @property
    def stored_to(self) -> int:
        """The contiguous watermark; never beyond a barrier, or a receipt would prove too much."""
        return min((reach(self.counted), *(seq - 1 for seq in self.barriers)))


class Held(NamedTuple):
    """A row of the ledger, as far as deciding needs it."""

    digest: bytes
    hollow: bool
    """It is a tombstone."""


class Arrival(NamedTuple):
    """A readable range, as far as deciding needs it."""

    first: int
    rows: Sequence[Row | Tombstone]
    previous: bytes | None
    """Digest of the row before `first` as the unit knows it; None: lost there."""
    trusted: Sequence[int] = ()
    """Seqs whose digest was given, not made again."""

    @property
    def span(self) -> Span:
        """The seqs it is about."""
        return Span(self.first, self.first + len(self.rows) - 1)


class Flag(NamedTuple):
    """Something about a row that a person should know."""

    seq: int
    kind: Literal["fork", "chain_broken", "chain_trusted", "envelope_wrong"]
    """chain_trusted: its digest was given, the row before it being lost on the unit.
    envelope_wrong: its sealed fields are not those that its body tells of."""


class Decision(NamedTuple):
    """What to do with a range, and how the epoch stands then."""

    state: EpochState
    take: Spans = ()
    """Seqs to write; a tombstone that is there already gives way."""
    flags: tuple[Flag, ...] = ()
    refused: str = ""
    """Why nothing can be told about it; its bytes are to be kept apart."""


class Proof(NamedTuple):
    """A row that is here as it was sent, and so is every row before it."""

    seq: int
    digest: bytes


def agree(ours: bytes, theirs: bytes) -> bool:
    """Whether two digests can be of the same row; a lost one contradicts nothing."""
    return ours == theirs or NO_DIGEST in (ours, theirs)


def absorb(
    state: EpochState, arrival: Arrival, before: bytes | None, known: Mapping[int, Held]
) -> Decision:
    """Decides for a readable range.

    `before`: the ledger's digest of the row before it, None when it holds no such row.
    `known`: the rows of the range that the ledger holds.
    From the first row on that contradicts the ledger nothing is taken: that is a fork.
    """
    fork = _fork(arrival, before, known)
    joined = _joined(state, arrival.first)
    if fork is not None and (fork < arrival.first or not joined):
        # Two histories part somewhere before it: to say where would be a guess. The unit goes
        # back to what was proved to it, sends from there, and then the first difference is seen.
        return Decision(state, flags=(Flag(fork, "fork"),))
    if state.fork_at is not None and not (joined or known):
        return _refused(state)
    take = _wanted(state, arrival, known, arrival.span.last if fork is None else fork - 1)
    claims, barrier = _proved(state, arrival, before, take)
    rejected = state.rejected
    for span in take if rejected else ():
        rejected = without(rejected, span)
    after = EpochState(
        counted=union(state.counted, take),
        rejected=rejected,
        fork_at=state.fork_at if fork is None else fork,
        claims=claims,
        barriers=state.barriers if barrier is None else (*state.barriers, barrier),
    )
    return _bounded(state, Decision(after, take, tuple(_flags(arrival, take, fork, barrier))))


def proof(arrival: Arrival, before: bytes | None, decision: Decision) -> Proof | None:
    """What a readable range proves, once it is decided: None when nothing.

    Where a card was restored or cloned the ledger may be further on in another history; this
    much it has in common with the unit that speaks.
    """
    forks = [flag.seq for flag in decision.flags if flag.kind == "fork"]
    last = min(forks[0] - 1 if forks else arrival.span.last, decision.state.stored_to)
    if last >= arrival.first:
        digest: bytes | None = arrival.rows[last - arrival.first].digest
    else:
        at_hand = last == arrival.first - 1 and before == arrival.previous
        digest = before if at_hand else None
    return None if digest in (None, NO_DIGEST) else Proof(last, digest or b"")


def reject(state: EpochState, span: Span) -> Decision:
    """Decides for a range that cannot be read: it counts as stored, so that no gap stays.

    Behind a gap of a forked epoch nobody can tell whose rows it holds: there it is refused.
    """
    if state.fork_at is not None and not _joined(state, span.first):
        return _refused(state)
    new = outside(state.counted, span)
    after = msgspec.structs.replace(
        state, counted=add(state.counted, span), rejected=union(state.rejected, new)
    )
    return _bounded(state, Decision(after, new))


def _refused(state: EpochState) -> Decision:
    return Decision(
        state, refused=f"nothing joins it to its epoch, which forked at {state.fork_at}"
    )


def _bounded(state: EpochState, decision: Decision) -> Decision:
    if len(decision.state.counted) > MAX_ISLANDS:
        return Decision(state, refused=f"its epoch has {MAX_ISLANDS} gaps already")
    return decision


def _joined(state: EpochState, first: int) -> bool:
    """Whether nothing is missing just before that seq."""
    return first == 1 or not outside(state.counted, Span(first - 1, first - 1))


def _fork(arrival: Arrival, before: bytes | None, known: Mapping[int, Held]) -> int | None:
    """First seq that the ledger knows with another digest: that of the row before came along."""
    previous = arrival.previous
    if before is not None and previous is not None and not agree(before, previous):
        return arrival.first - 1
    for seq in sorted(known):
        if not agree(known[seq].digest, arrival.rows[seq - arrival.first].digest):
            return seq
    return None


def _flags(arrival: Arrival, take: Spans, fork: int | None, barrier: int | None) -> Iterator[Flag]:
    for seq in arrival.trusted:
        if not outside(take, Span(seq, seq)):
            yield Flag(seq, "chain_trusted")
    if fork is not None:
        yield Flag(fork, "fork")
    if barrier is not None:
        yield Flag(barrier, "chain_broken")


def _wanted(state: EpochState, arrival: Arrival, known: Mapping[int, Held], end: int) -> Spans:
    """What is neither here nor read yet, up to `end`; and rows that a tombstone stands for."""
    if end < arrival.first:
        return ()
    wanted = outside(state.counted, Span(arrival.first, end))
    if not known and not state.rejected:
        return wanted
    for row in arrival.rows[: end - arrival.first + 1]:
        held = known.get(row.seq)
        if held is None or (held.hollow and isinstance(row, Row)):
            wanted = add(wanted, Span(row.seq, row.seq))
    return wanted


def _proved(
    state: EpochState, arrival: Arrival, before: bytes | None, take: Spans
) -> tuple[dict[int, bytes], int | None]:
    """The claims still open, and the first seq of one that proved wrong."""
    if not take:
        return state.claims, None
    first, last = arrival.span
    claims = {seq: claim for seq, claim in state.claims.items() if not first < seq <= last}
    claimed = claims.pop(last + 1, None) if take[-1].last == last else None
    if take[0].first == first > 1 and before is None and arrival.previous is not None:
        claims[first] = arrival.previous
    wrong = claimed is not None and not agree(arrival.rows[-1].digest, claimed)
    return claims, last + 1 if wrong else None
