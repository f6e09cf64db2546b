"""One loop over all units: each is stepped when it is time, or when something has come for it.

No thread, no process per unit. Knows neither light units from full ones, nor what they do.
"""

import heapq
import os
import select
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from appliance.uplink.line import Line

LONGEST = 0.5
"""Seconds to wait at once."""


class Unit(Protocol):
    """What the loop must know of a unit."""

    @property
    def line(self) -> Line:
        """Its connection."""

    @property
    def over(self) -> bool:
        """Whether it has nothing more to do."""

    @property
    def settled(self) -> bool:
        """Whether it has told its past and now lives with the clock."""

    @property
    def backlog(self) -> int:
        """Rows that are not receipted."""

    def step(self, now: float) -> float:
        """One turn; when the next one is due at the latest (monotonic seconds)."""

    def close(self) -> None:
        """Says goodbye."""


class Fleet:
    """Starts its units one after the other, `ramp` a second, and drives them all."""

    def __init__(self, units: Sequence[Unit], *, ramp: float, now: float) -> None:
        self.units = units
        self._poll = select.poll()
        self._by_descriptor: dict[int, int] = {}
        self._descriptors: list[int | None] = [None] * len(units)
        self._due = [now + number / ramp for number in range(len(units))]
        self._calendar = [(due, number) for number, due in enumerate(self._due)]
        heapq.heapify(self._calendar)

    @property
    def online(self) -> int:
        """How many have a connection that can be used."""
        return sum(unit.line.session is not None for unit in self.units)

    @property
    def backlog(self) -> int:
        """Rows of all units that are not receipted."""
        return sum(unit.backlog for unit in self.units)

    @property
    def settled(self) -> bool:
        """Whether all of them have told their past."""
        return all(unit.settled for unit in self.units)

    @property
    def over(self) -> bool:
        """Whether none has anything more to do."""
        return all(unit.over for unit in self.units)

    def step(self, now: float) -> None:
        """Waits a moment for something to come, then gives whoever it concerns a turn."""
        until = self._calendar[0][0] if self._calendar else now + LONGEST
        for descriptor, _ in self._poll.poll(max(min(until - now, LONGEST), 0.0) * 1000):
            number = self._by_descriptor.get(descriptor)
            if number is not None:
                self._turn(number, now)
        for _ in range(len(self.units)):
            if not self._calendar or self._calendar[0][0] > now:
                return
            due, number = heapq.heappop(self._calendar)
            if due == self._due[number]:
                self._due[number] = float("inf")
                self._turn(number, now)

    def storm(self) -> None:
        """Every connection breaks at the same moment."""
        for descriptor in list(self._by_descriptor):
            with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as line:
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """All of them say goodbye."""
        for unit in self.units:
            unit.close()

    def _turn(self, number: int, now: float) -> None:
        unit = self.units[number]
        due = unit.step(now)
        if unit.line.waiting:
            due = now
        self._watch(number, unit.line.watched)
        # Sooner than what stands in the calendar; else that turn finds out how late it is.
        if due < self._due[number]:
            self._due[number] = due
            heapq.heappush(self._calendar, (due, number))

    def _watch(self, number: int, watched: tuple[int, int] | None) -> None:
        former, descriptor = self._descriptors[number], watched[0] if watched else None
        # Another unit may have the number by now: then it is that one's.
        if former is not None and former != descriptor and former in self._by_descriptor:
            self._forget(former, number)
        self._descriptors[number] = descriptor
        if watched is not None:
            self._by_descriptor[watched[0]] = number
            self._poll.register(*watched)

    def _forget(self, descriptor: int, number: int) -> None:
        if self._by_descriptor[descriptor] == number:
            del self._by_descriptor[descriptor]
            with suppress(KeyError):
                self._poll.unregister(descriptor)
