"""Whether all that a unit had written, when it last spoke, has arrived. Pure."""

from collections.abc import Mapping

from protocol.messages import Status


def settled(status: Status, kind: str, stored: Mapping[int, int]) -> int:
    """The revision it had applied, once all it had written by then is known; else 0.

    `stored`: epoch → seq up to which the ledger has everything.
    """
    states = (state for journal in status.journals.values() for state in journal)
    if any(stored.get(state.epoch, 0) < state.head for state in states):
        return 0
    return status.documents.get(kind, 0)
