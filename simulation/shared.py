"""What all units of a simulation have in common: where to, by whose keys, at what time."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from appliance.config import Broker

from .clock import FleetClock
from .papers import Papers
from .weather import Outages

JOURNALS = ("screen", "vehicle", "uplink")
HELD_BACK = 240
"""Rows that a unit with the habit `backlog` keeps from a federation that it can reach."""


class Shared(NamedTuple):
    """One simulation."""

    broker: Broker
    papers: Papers
    clock: FleetClock
    seed: int
    starts: int
    """Milliseconds since 1970 when its life begins: with the seed it makes the epochs."""
    chance: Callable[[], float]
    """For the back-off: 0 to 1."""
    outages: Outages
    counts: Counter[str]
    """What happened, over the whole fleet."""
