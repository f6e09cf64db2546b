"""What the ledger's writer owes to people: erasing when asked, forgetting in time."""

import logging
from collections.abc import Callable
from itertools import chain

import msgspec

from .. import outbox, places
from ..config import FederationConfig
from ..errors import OperatorError
from ..ledger import Ledger
from ..places import Place, Places
from . import erasing, store
from .retention import Forgetting

LOOK_EVERY = 1.0
"""Seconds between two looks for an erasure that was asked for."""

_NEWEST = "SELECT coalesce(max(event), 0) FROM sealed"

log = logging.getLogger("ingest")


class Duties:
    """Stands beside ingest in its loop, and uses its connection."""

    def __init__(
        self, settings: FederationConfig, ledger: Ledger, *, utc: Callable[[], int]
    ) -> None:
        """Whatever was ever asked to be erased is erased again at the first step."""
        self._settings, self._ledger, self._utc = settings, ledger, utc
        self._seen, self._newest, self._look_at = 0, 0, float("-inf")
        self._fault = ""
        self._forgetting = Forgetting(
            ledger.database, self._places, settings.places.within_km * 1000
        )

    def step(self, now: float) -> None:
        """One turn. Raises OperatorError when the ledger takes nothing."""
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._erase()
        if self._forgetting.is_due(now):
            with self._ledger.transaction():
                self._forgetting.turn(now, self._utc())
            self._leave_nothing_in_the_log()

    def _erase(self) -> None:
        # A ledger that was put back may be sent what was erased: with each new envelope all again.
        (newest,) = self._ledger.database.execute(_NEWEST).fetchone()
        after = self._seen if newest == self._newest else 0
        try:
            asked = store.erasures(self._settings.store.outbox, after)
        except OperatorError as error:
            self._tell(f"nothing can be erased: {error}")
            return
        self._tell("")
        self._newest = newest
        if not asked:
            return
        before = self._ledger.database.total_changes
        with self._ledger.transaction():
            erasing.apply(self._ledger.database, [erasure for _, erasure in asked])
        if self._ledger.database.total_changes != before:
            self._leave_nothing_in_the_log()
        self._seen = asked[-1][0]

    def _leave_nothing_in_the_log(self) -> None:
        """Older pages in the write-ahead log still hold what was erased."""
        self._ledger.database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _places(self) -> Places:
        file = self._settings.places.file
        listed = places.from_csv(file) if file else ()
        return Places(chain(self._planned(), listed))

    def _planned(self) -> list[Place]:
        try:
            bodies = [
                item.body
                for item in outbox.latest(self._settings.store.outbox)
                if item.kind == "tour"
            ]
            return list(places.from_tours(bodies))
        except (OperatorError, msgspec.DecodeError):
            return []

    def _tell(self, fault: str) -> None:
        if fault and fault != self._fault:
            log.warning("%s", fault)
        self._fault = fault
