"""Sends the documents of the outbox: when they are written, and to units that are behind.

Documents wait for a person when the outbox cannot be read; facts do not.
"""

import logging
from collections.abc import Callable, Iterable, Mapping

from protocol import topics

from . import outbox
from .config import Store
from .errors import OperatorError
from .outbox import Outgoing
from .postman import Postman
from .source import Source

LOOK_SECONDS = 1.0
PAUSE = 30.0
"""Seconds until an outbox that could not be read is tried again."""

log = logging.getLogger("ingest")


class Mail:
    """Everything between the outbox and the source."""

    def __init__(
        self, store: Store, source: Source, is_ours: Callable[[str], bool] = lambda _unit: True
    ) -> None:
        """`is_ours`: the units that this worker answers; another one has the rest."""
        self._store, self._source, self._is_ours = store, source, is_ours
        self._postman = Postman()
        self._seen, self._due = 0, 0.0
        self._fault = ""

    def look(self, now: float) -> None:
        """Sends what was written since, at most once a second (monotonic seconds)."""
        if now < self._due:
            return
        try:
            items = list(outbox.latest(self._store, self._seen))
        except OperatorError as error:
            self._due = now + PAUSE
            self._tell(str(error))
            return
        self._due = now + LOOK_SECONDS
        self._tell("")
        if items:
            self._seen = items[-1].id
            self._send(self._postman.written(i for i in items if self._is_ours(i.unit)))

    def born(self, unit: str, held: Mapping[str, int]) -> None:
        """A unit is back and names what it holds."""
        self._send(self._postman.born(unit, held))

    def told(self, unit: str, held: Mapping[str, int]) -> None:
        """A unit names what it applied."""
        self._send(self._postman.told(unit, held))

    def _tell(self, fault: str) -> None:
        """Says it once, however often it is met, and once when it is over."""
        if fault and fault != self._fault:
            log.warning("no document is sent: %s", fault)
        elif self._fault and not fault:
            log.info("documents are sent again")
        self._fault = fault

    def _send(self, items: Iterable[Outgoing]) -> None:
        for item in items:
            topic = topics.down(item.unit, f"document/{item.kind}")
            self._source.send(topic, item.payload, retain=True)
