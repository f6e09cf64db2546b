"""Looks at the whole fleet for the rules of alerts. Of the thread of chores. Decides nothing."""

from ... import alert_sight, registry
from ...alert_rules import Seen
from ...database import reading_ledger, reading_web
from ...fleet_facts import FleetReader
from .. import store


class Sight:
    """Keeps what it read between two rounds."""

    def __init__(self) -> None:
        self._reader = FleetReader()

    def seen(self, now: int) -> list[Seen]:
        """Every vehicle now. Raises OperatorError while there is no ledger."""
        kept = store.config().store
        with reading_ledger(kept) as ledger, reading_web(kept) as web:
            self._reader.load(ledger, web, registry.read(web), now)
            more = alert_sight.besides(ledger, web, now)
        return list(alert_sight.seen(self._reader.vehicles(now), more))
