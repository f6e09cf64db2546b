"""A broker in memory: gives each message until it is confirmed. Keeps no promise beyond that."""

from collections.abc import Sequence
from typing import NamedTuple

from ..source import Delivery


class Sent(NamedTuple):
    """An answer that ingest handed over."""

    topic: str
    payload: bytes
    retain: bool


class Queue:
    """A source whose two ends are lists."""

    def __init__(self) -> None:
        self.waiting: list[Delivery] = []
        self.sent: list[Sent] = []
        self.confirmed: list[Delivery] = []

    def receive(self, now: float) -> Sequence[Delivery]:
        """Everything that waits, in order."""
        return tuple(self.waiting)

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Keeps the answer."""
        self.sent.append(Sent(topic, payload, retain))
        return True

    def confirm(self, deliveries: Sequence[Delivery]) -> None:
        """Forgets them."""
        self.confirmed.extend(deliveries)
        for delivery in deliveries:
            self.waiting.remove(delivery)

    def close(self) -> None:
        """What waits goes on waiting."""
