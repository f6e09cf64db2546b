"""Where messages come from and answers go: the one interface between ingest and a broker.

MQTT partitions today (mqtt.py); a queue that several brokers hold would be another. The twin
for tests keeps it honest (twins/queue.py).
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

GROUP_MESSAGES = 200
GROUP_SECONDS = 0.05
"""What arrives together is given together, up to these."""
QUIET_SECONDS = 0.001
"""Silence that ends a group."""
WAIT_SECONDS = 0.5


class Delivery(NamedTuple):
    """A message as it came."""

    topic: str
    payload: bytes
    properties: tuple[tuple[str, str], ...] = ()
    """MQTT user properties."""
    token: Any = None
    """What the source needs to confirm it."""


class Source(Protocol):
    """Gives every message until it is confirmed; what is not, it gives again."""

    def receive(self, now: float) -> Sequence[Delivery]:
        """Waits a short while for messages; those that come together are given together."""

    def send(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Hands an answer over; False when there is no connection and it is gone."""

    def confirm(self, deliveries: Sequence[Delivery]) -> None:
        """These are durable here: they need not be given again."""

    def close(self) -> None:
        """Leaves in good order."""


def gather(
    loop: Callable[[float], None], count: Callable[[], int], clock: Callable[[], float]
) -> None:
    """Waits for a message, then takes what comes with it. `loop` receives for so many seconds."""
    loop(WAIT_SECONDS)
    end, seen = clock() + GROUP_SECONDS, 0
    while seen < count() < GROUP_MESSAGES and clock() < end:
        seen = count()
        loop(QUIET_SECONDS)
