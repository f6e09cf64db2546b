"""Decides what of an arriving range enters the ledger. Pure: reads no table, writes nothing."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from protocol.row import NO_DIGEST

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
    """First seq that arrived with another digest than the ledger's."""
    claims: dict[int, bytes] = {}
    """First seq behind a gap → the digest its batch says the row before it has."""

    @property
    def stored_to(self) -> int:
        """The contiguous watermark."""
        return reach(self.counted)


class Held(NamedTuple):
    """A row of the ledger, as far as deciding needs it."""

    digest: bytes
    hollow: bool
    """It is a tombstone."""


class Arrival(NamedTuple):
    """A readable range, as far as deciding needs it."""

    first: int
    rows: Sequence[Held]
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
    kind: Literal["fork", "chain_broken", "chain_trusted"]
    """chain_trusted: its digest was given, the row before it being lost on the unit."""


class Decision(NamedTuple):
    """What to do with a range, and how the epoch stands then."""

    state: EpochState
    take: Spans = ()
    """Seqs to write; a tombstone that is there already gives way."""
    flags: tuple[Flag, ...] = ()
    refused: str = ""
    """Why nothing can be told about it; its bytes are to be kept apart."""


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
    if fork is None and _unprovable(state, arrival, before, known):
        return _refused(state)
    take = _wanted(state, arrival, known, arrival.span.last if fork is None else fork - 1)
    claims, flags = _proved(state, arrival, before, take)
    if fork is not None:
        flags = (*flags, Flag(fork, "fork"))
    rejected = state.rejected
    for span in take if rejected else ():
        rejected = without(rejected, span)
    after = EpochState(
        counted=union(state.counted, take),
        rejected=rejected,
        fork_at=min((seq for seq in (state.fork_at, fork) if seq is not None), default=None),
        claims=claims,
    )
    return _bounded(state, Decision(after, take, flags))


def reject(state: EpochState, span: Span) -> Decision:
    """Decides for a range that cannot be read: it counts as stored, so that no gap stays.

    On a forked epoch nobody can tell whose rows it holds: there it is refused.
    """
    if state.fork_at is not None and span.last >= state.fork_at:
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


def _fork(arrival: Arrival, before: bytes | None, known: Mapping[int, Held]) -> int | None:
    """First seq known with another digest: the row before counts, its digest came along."""
    previous = arrival.previous
    if before is not None and previous is not None and not agree(before, previous):
        return arrival.first - 1
    for seq in sorted(known):
        if not agree(known[seq].digest, arrival.rows[seq - arrival.first].digest):
            return seq
    return None


def _unprovable(
    state: EpochState, arrival: Arrival, before: bytes | None, known: Mapping[int, Held]
) -> bool:
    """Whether it lies beyond a fork and nothing says which branch it continues."""
    if state.fork_at is None or arrival.span.last < state.fork_at or known:
        return False
    return before is None or arrival.previous is None


def _wanted(state: EpochState, arrival: Arrival, known: Mapping[int, Held], end: int) -> Spans:
    """What is neither here nor read yet, up to `end`; and rows that a tombstone stands for."""
    if end < arrival.first:
        return ()
    wanted = outside(state.counted, Span(arrival.first, end))
    if not known and not state.rejected:
        return wanted
    for seq in range(arrival.first, end + 1):
        held = known.get(seq)
        if held is None or (held.hollow and not arrival.rows[seq - arrival.first].hollow):
            wanted = add(wanted, Span(seq, seq))
    return wanted


def _proved(
    state: EpochState, arrival: Arrival, before: bytes | None, take: Spans
) -> tuple[dict[int, bytes], tuple[Flag, ...]]:
    """The claims still open, and the links that turned out broken."""
    if not take:
        return state.claims, ()
    first, last = arrival.span
    flags = [
        Flag(seq, "chain_trusted") for seq in arrival.trusted if outside(take, Span(seq, seq)) == ()
    ]
    claims = {seq: claim for seq, claim in state.claims.items() if not first < seq <= last}
    claimed = claims.pop(last + 1, None) if take[-1].last == last else None
    if claimed is not None and not agree(arrival.rows[-1].digest, claimed):
        flags.append(Flag(last + 1, "chain_broken"))
    if take[0].first == first > 1 and before is None and arrival.previous is not None:
        claims[first] = arrival.previous
    return claims, tuple(flags)
