"""The control of test_kills: ingest that confirms what it has not committed yet."""

import sys
from collections.abc import Sequence

from federation import cli
from federation.mqtt import MqttSource
from federation.source import Delivery


class Hasty(MqttSource):
    """Says PUBACK as soon as it has a message in memory, where the next one finds it."""

    _queue: Sequence[Delivery] = ()

    def receive(self, now: float) -> Sequence[Delivery]:
        group, self._queue = self._queue, super().receive(now)
        super().confirm(self._queue)
        return group

    def confirm(self, deliveries: Sequence[Delivery]) -> None:
        """It did already."""


cli.MqttSource = Hasty  # type: ignore[misc]

if __name__ == "__main__":
    sys.exit(cli.main())
