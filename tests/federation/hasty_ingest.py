"""The control of test_kills: ingest that confirms what it has not committed yet."""

import logging
import sys
from collections.abc import Sequence

from federation import cli
from federation.mqtt import MqttSource
from federation.source import Delivery


class Hasty(MqttSource):
    """Says PUBACK as soon as it has a message in memory; the next message pushes it on."""

    _held: Sequence[Delivery] = ()
    _count = 0

    def receive(self, now: float) -> Sequence[Delivery]:
        group = super().receive(now)
        if not group:
            return ()
        super().confirm(group)
        self._count += len(group)
        logging.getLogger("hasty").info("confirmed %d in all", self._count)
        before, self._held = self._held, group
        return before

    def confirm(self, deliveries: Sequence[Delivery]) -> None:
        """It did already."""


cli.MqttSource = Hasty  # type: ignore[misc]

if __name__ == "__main__":
    sys.exit(cli.main())
