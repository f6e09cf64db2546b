"""What a receipt means for one epoch. Trusts nothing but a digest equal to our own row's.

A receipt is the ledger's whole state, so a stranger's history shows in it: that of the card this
one was restored from, or of its clone. The ledger finds the exact fork when it is sent what is
here; until then a receipt that is not of our rows is worth nothing.
"""

from collections.abc import Callable

import msgspec

from protocol.messages import Stored

NEVER_HEARD = Stored(stored_to=0, digest="")
"""What a receipt says of an epoch that it does not list."""

DigestOf = Callable[[int], bytes | None]
"""Digest of our row with that seq; None when we do not hold it."""


class Held(msgspec.Struct, frozen=True):
    """One epoch as this unit has it."""

    watermark: int
    """Last seq receipted so far."""
    head: int
    sent_to: int
    """Last seq ever sent from here."""


class Advance(msgspec.Struct, frozen=True):
    """Everything up to `stored_to` is in the ledger, and it is ours."""

    stored_to: int


class Nothing(msgspec.Struct, frozen=True):
    """It says what was known."""


class Behind(msgspec.Struct, frozen=True):
    """The ledger says it has less than it once receipted: late news, or it was restored."""

    stored_to: int


class Stranger(msgspec.Struct, frozen=True):
    """The ledger's rows are not ours: go back to the watermark, it will say where they part."""


class Fork(msgspec.Struct, frozen=True):
    """From `fork_at` on the ledger knows other rows under our keys: the owner must rotate."""

    fork_at: int
    stored_to: int
    """Up to here the ledger has ours."""


Verdict = Advance | Nothing | Behind | Stranger | Fork


def judge(held: Held, told: Stored, digest_of: DigestOf) -> Verdict:
    """What to do about what the ledger says of one epoch."""
    ours = _is_ours(held, told, digest_of)
    if told.fork_at is not None and _concerns_us(held, told.fork_at, told.stored_to, ours):
        return Fork(told.fork_at, max(held.watermark, min(told.stored_to, told.fork_at - 1)))
    if told.stored_to == held.watermark:
        return Nothing()
    if told.stored_to < held.watermark:
        return Behind(told.stored_to)
    if ours:
        return Advance(told.stored_to)
    return Advance(told.proved_to) if _is_proved(held, told, digest_of) else Stranger()


def _concerns_us(held: Held, fork_at: int, stored_to: int, ours: bool) -> bool:
    """A fork stays in the receipts for ever: it may be of another box that bore our name.

    Ours is one that we provoked by sending that row, and that the ledger's rows do not belie.
    """
    provoked = held.watermark < fork_at <= min(held.head, held.sent_to)
    return provoked and not (ours and stored_to >= fork_at)


def _is_ours(held: Held, told: Stored, digest_of: DigestOf) -> bool:
    if told.stored_to > held.head:
        return False
    if told.digest:
        own = digest_of(told.stored_to)
        return own is not None and own.hex() == told.digest
    # The ledger keeps what it cannot read as bytes, and then has no digest to tell.
    unread = any(kept.first <= told.stored_to <= kept.last for kept in told.rejected)
    return unread and told.stored_to <= held.sent_to


def _is_proved(held: Held, told: Stored, digest_of: DigestOf) -> bool:
    """Whether the ledger, though further on in another history, has our rows up to there."""
    if not held.watermark < told.proved_to <= held.head:
        return False
    own = digest_of(told.proved_to)
    return own is not None and own.hex() == told.proved


def standing(watermark: int, digest: bytes, oldest: int, head: int, digest_of: DigestOf) -> int:
    """Where to go on from, given a saved watermark, its row's digest and the oldest seq held.

    A journal restored under a newer memory of what was receipted must not believe it: its new
    rows would count as stored, and be purged unseen.
    """
    own = digest_of(watermark) if watermark <= head else NO_SUCH_ROW
    if own is None or not digest or own == digest:
        return watermark
    return max(oldest - 1, 0)


NO_SUCH_ROW = b""
