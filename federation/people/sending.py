"""Sends each van the roster that it has not got yet, opening names for it. Prints nothing."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from protocol.sealing import SealError

from .. import outbox
from ..config import Store
from ..database import reading_ledger
from ..errors import OperatorError
from . import roster
from .roster import Wanted
from .signups import SignUp
from .store import Deed


class Sent(NamedTuple):
    """What became of one van's roster."""

    unit: str
    lines: int = 0
    closed: int = 0
    """Lines whose envelope did not open: they have no name."""
    fault: str = ""
    """Why it was not sent."""


def send_due(
    store: Store, keys: Sequence[X25519PrivateKey], signer: Ed25519PrivateKey, deed: Deed
) -> Iterator[Sent]:
    """To every van that named a day key and whose list changed. Raises OperatorError.

    `deed`: who does it, when and why, for the audit. What one van named or was sent too much of
    keeps no list from the others.
    """
    with reading_ledger(store) as ledger:
        wants = roster.wanted(ledger, store, deed.at)
        known = roster.known(ledger, store, wants)
    for want in wants:
        found = roster.sign_ups_for(known, want)
        state = roster.mark(keys, found)
        if roster.is_sent(store, want, state):
            continue
        try:
            sent = _send(store, want, found, keys, signer, deed)
            roster.note(store, want, state)
        except (OperatorError, SealError) as error:
            sent = Sent(want.unit, fault=str(error))
        yield sent


def _send(
    store: Store,
    want: Wanted,
    found: list[SignUp],
    keys: Sequence[X25519PrivateKey],
    signer: Ed25519PrivateKey,
    deed: Deed,
) -> Sent:
    made, closed = roster.open_lines(store, want, found, keys, deed)
    outbox.publish(store, signer, [want.unit], "roster", roster.body(want, made), deed.at)
    return Sent(want.unit, len(made), closed)
