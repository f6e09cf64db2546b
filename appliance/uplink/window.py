"""What is under way of one epoch: sent, and not receipted yet. Knows no bytes, socket or clock.

Within one connection nothing is lost between the unit and the broker, so the time to be patient
for begins when the broker has a batch (PUBACK), not when it was published: on a bad link it may
sit in the socket for a minute, and sending it twice would only make it two.
"""

from collections import deque

import msgspec

from .pace import Pace

FEW = 4
"""Batches under way at first; doubled by each receipt that moves."""
MANY = 1024


class Flight(msgspec.Struct):
    """One batch under way; times are monotonic seconds."""

    first: int
    last: int
    size: int
    sent: float
    again: bool
    """Some of its rows had been sent before: how long it took means nothing."""
    crossed: float | None = None
    """When the broker had it."""


class Window:
    """Goes back to the watermark, and never loses its place."""

    def __init__(self, watermark: int) -> None:
        self.watermark = watermark
        """Last seq receipted."""
        self.next = watermark + 1
        """First seq to send."""
        self.flights: deque[Flight] = deque()
        self.resent = 0
        """Rows sent more than once, since the start."""
        self._sent_to = watermark
        self._allowed = FEW
        self._moved = 0.0

    @property
    def under_way(self) -> int:
        """Bytes sent and not receipted."""
        return sum(flight.size for flight in self.flights)

    @property
    def sent_to(self) -> int:
        """The highest seq ever sent from here."""
        return self._sent_to

    @property
    def open(self) -> bool:
        """Whether one more batch of this epoch may leave."""
        return len(self.flights) < self._allowed

    def sent(self, first: int, last: int, size: int, now: float) -> None:
        """A batch was handed to the connection; it begins at `next`."""
        known = min(last, self._sent_to) - first + 1
        self.resent += max(known, 0)
        self._sent_to = max(self._sent_to, last)
        self.next = last + 1
        self.flights.append(Flight(first, last, size, sent=now, again=known > 0))

    def crossed(self, first: int, last: int, now: float, pace: Pace) -> None:
        """The broker has the batch; says nothing of the federation."""
        for flight in self.flights:
            if (flight.first, flight.last) == (first, last) and flight.crossed is None:
                flight.crossed = now
                pace.crossed(now - flight.sent)
                return

    def receipted(self, stored_to: int, now: float, pace: Pace) -> None:
        """The federation has everything up to `stored_to`."""
        if stored_to <= self.watermark:
            return
        self.watermark = stored_to
        self._sent_to = max(self._sent_to, stored_to)
        self.next = max(self.next, stored_to + 1)
        self._moved = now
        self._allowed = min(self._allowed * 2, MANY)
        while self.flights and self.flights[0].last <= stored_to:
            flight = self.flights.popleft()
            if not flight.again:
                pace.receipted(now - flight.sent)

    def overdue(self, now: float, patience: float) -> bool:
        """Whether the oldest batch is at the broker and nothing has moved for that long."""
        if not self.flights or self.flights[0].crossed is None:
            return False
        return now - max(self.flights[0].crossed, self._moved) > patience

    def go_back(self) -> None:
        """Send from the watermark again: one batch, until it is known what arrived."""
        self._restart(allowed=1)

    def reconnected(self) -> None:
        """What was under way on the former connection may be anywhere."""
        self._restart(allowed=FEW)

    def rewind(self, watermark: int) -> None:
        """The federation knows less than it once said."""
        self.watermark = self._sent_to = watermark
        self._restart(allowed=FEW)

    def _restart(self, allowed: int) -> None:
        self.flights.clear()
        self.next = self.watermark + 1
        self._allowed = allowed
