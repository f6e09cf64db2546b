"""When to try the broker again after a failure. Knows no network, no clock and no dice."""

from enum import Enum

import msgspec

SETTLED = 20.0
"""Seconds a connection must live before its failures are forgotten."""


class Cause(Enum):
    """Why there is no connection; (first spread, longest spread) in seconds."""

    NO_ROUTE = (3.0, 6.0)
    """The unit itself is off the network: asking again costs nothing and troubles nobody."""
    SILENCE = (2.0, 60.0)
    """No answer, or a link gone quiet: this unit alone is concerned."""
    BROKER = (12.0, 120.0)
    """The broker refused or hung up: the whole fleet is, and must not come back all at once.

    52 units over 12 s are 4.3 connections a second.
    """


class Backoff(msgspec.Struct, frozen=True):
    """How often it failed in a row, and from when on (monotonic seconds) to try again."""

    failures: int = 0
    not_before: float = 0.0


def after_failure(state: Backoff, cause: Cause, now: float, chance: float) -> Backoff:
    """Waits a random part (`chance`, 0 to 1) of a spread that doubles up to its cap."""
    first, longest = cause.value
    spread = min(first * 2.0 ** min(state.failures, 16), longest)
    return Backoff(failures=state.failures + 1, not_before=now + spread * chance)


def while_connected(state: Backoff, since: float, now: float) -> Backoff:
    """Forgets the failures once the connection made at `since` has lived long enough.

    Not at once: two boxes with one name hang up on each other as soon as either is connected.
    """
    return Backoff() if state.failures and now - since >= SETTLED else state
