"""Which planned places have a network: the coordinator's word, else what past stops taught.

Reads; writes nothing. A stop of which the arrival reached us only after the departure had none.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from .database import Database
from .fleet_state import Coverage
from .registry import Registry

DAYS: Final = 60
LEAST: Final = 2
"""Stops, before anything is learnt of a place."""
WHITE: Final = 0.6
"""Share of silent stops from which a place counts as one without network."""
COVERED: Final = 0.25

_DAY: Final = 24 * 3600 * 1000
_STOPS: Final = """
SELECT stop.unit, stop.planned, count(*),
    sum(CASE WHEN event.received > stop.departed THEN 1 ELSE 0 END)
FROM stop JOIN event ON event.unit = stop.unit AND event.epoch = stop.epoch AND event.seq = stop.seq
WHERE stop.arrived >= ? AND stop.planned IS NOT NULL AND stop.departed IS NOT NULL
GROUP BY stop.unit, stop.planned
"""

Place = tuple[str, str]
"""Code of the territory, id of the planned stop: tours written by hand have ids of their own."""


class Past(NamedTuple):
    """What the stops of the last 60 days at one place were like."""

    stops: int = 0
    silent: int = 0
    """Those during which nothing reached us."""

    def plus(self, other: "Past") -> "Past":
        """Both together."""
        return Past(self.stops + other.stops, self.silent + other.silent)

    @property
    def teaches(self) -> Coverage:
        """What to think of the place."""
        if self.stops < LEAST:
            return "unknown"
        share = self.silent / self.stops
        return "white" if share >= WHITE else "covered" if share <= COVERED else "unknown"


def past(ledger: Database, registry: Registry, now: int) -> dict[Place, Past]:
    """Every planned place that a vehicle stood at in the last 60 days."""
    found: dict[Place, Past] = {}
    for unit, planned, stops, silent in ledger.execute(_STOPS, (now - DAYS * _DAY,)):
        vehicle = registry.of(unit)
        place = (vehicle.territory_code if vehicle else "", planned)
        found[place] = found.get(place, Past()).plus(Past(int(stops), int(silent)))
    return found


def said(web: Database) -> dict[str, Coverage]:
    """What coordinators said, by the place's code; nothing before the pages ever ran."""
    if not web.columns("place"):
        return {}
    return dict(web.execute("SELECT code, coverage FROM place WHERE coverage <> 'unknown'"))


def known(words: Mapping[str, Coverage], stops: Mapping[Place, Past], place: Place) -> Coverage:
    """The coordinator's word, else what was learnt."""
    return words.get(place[1]) or stops.get(place, Past()).teaches
