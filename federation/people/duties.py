"""What the ledger's writer owes to people: erasing when asked, forgetting in time."""

import logging
from collections.abc import Callable

from .. import gazetteer
from ..config import FederationConfig
from ..errors import OperatorError
from ..ledger import Ledger
from ..places import Places
from . import erasing, store
from .retention import Forgetting

LOOK_EVERY = 1.0
"""Seconds between two looks for an erasure that was asked for."""

log = logging.getLogger("ingest")


class Duties:
    """Stands beside ingest in its loop, and uses its connection."""

    def __init__(
        self, settings: FederationConfig, ledger: Ledger, *, utc: Callable[[], int]
    ) -> None:
        """Whatever was ever asked to be erased is erased again at the first step."""
        self._settings, self._ledger, self._utc = settings, ledger, utc
        self._seen, self._known, self._look_at = 0, -1, float("-inf")
        self._fault = ""
        self._forgetting = Forgetting(
            ledger.database, self._places, settings.places.within_km * 1000
        )

    def step(self, now: float) -> None:
        """One turn. Raises OperatorError when the ledger takes nothing."""
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._erase()
        # Of several workers one forgets, or the time that it goes by would run ahead.
        if 0 in self._ledger.partitions and self._forgetting.is_due(now):
            with self._ledger.transaction():
                self._forgetting.turn(now, self._utc())
            self._ledger.database.leave_no_trace()

    def _erase(self) -> None:
        # A ledger that was put back may be sent what was erased: with each new envelope all again.
        known = self._ledger.envelopes
        after = self._seen if known == self._known else 0
        try:
            asked = store.erasures(self._settings.store, after)
        except OperatorError as error:
            self._tell(f"nothing can be erased: {error}")
            return
        self._tell("")
        self._known = known
        ours = [erasure for _, erasure in asked if self._ledger.is_ours(erasure.unit)]
        if ours:
            with self._ledger.transaction():
                changed = erasing.apply(self._ledger.database, ours)
            if changed:
                self._ledger.database.leave_no_trace()
        self._seen = max([self._seen, *(number for number, _ in asked)])

    def _places(self) -> Places:
        return gazetteer.known(self._settings)

    def _tell(self, fault: str) -> None:
        if fault and fault != self._fault:
            log.warning("%s", fault)
        self._fault = fault
