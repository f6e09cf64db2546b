"""What was not understood or not believed: counted, told as a fault, never obeyed.

A broker that forges without end must not fill the log: it is said ever more rarely.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from protocol.errors import ProtocolError
from protocol.signing import NotAuthentic

log = logging.getLogger("uplink")


class Misheard:
    """Counts since the start."""

    def __init__(self) -> None:
        self.forged = 0
        """Receipts that our federation did not sign."""
        self.misread = 0
        """Messages that mean nothing here."""

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Around dealing with one message."""
        try:
            yield
        except NotAuthentic as error:
            self.forged += 1
            _warn(self.forged, "a receipt was not believed", error)
        except ProtocolError as error:
            self.misread += 1
            _warn(self.misread, "a message from the federation was not understood", error)

    def faults(self) -> Iterator[str]:
        """For the status."""
        if self.misread:
            yield f"{self.misread} messages from the federation were not understood"
        if self.forged:
            yield f"{self.forged} receipts were not signed by our federation: is the broker ours?"


def _warn(count: int, what: str, error: ProtocolError) -> None:
    if count & (count - 1) == 0:
        log.warning("%s (%d so far): %s", what, count, error)
